/** Words that there are, and of them those that are first names. */
const WORDS = 20_000
const FIRST_NAMES = 800
const SENTENCES = 20_000
const WORDS_PER_SENTENCE = 14

const COUNTRIES =
  'US GB FR DE IT JP IN RU CN KR ES SE DK PL CA AU BR MX AR TR IR EG NG ZA NL BE CZ HU FI NO'.split(
    ' ',
  )

/**
 * `bench.chance(n, of)` is 0 to 1, the same for the same numbers. `bench.popular` makes of it a number below `below`: low ones
 * more often by Zipf's law, from about `flat` on.
 */
const TOOLS = `
CREATE SCHEMA bench;
CREATE FUNCTION bench.chance(n bigint, of int) RETURNS float8 IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN (hashint8extended(n, of) & 4294967295) / 4294967296::float8;
CREATE FUNCTION bench.popular(chance float8, below int, flat int) RETURNS int IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN floor(flat * (((below + flat)::float8 / flat) ^ chance)) - flat;
-- a word that nothing else has
CREATE FUNCTION bench.rare(n bigint) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN (SELECT string_agg(substr('bdfgklmnprstvz', 1 + at % 14, 1) || substr('aeiou', 1 + at / 14 % 5, 1), '')
  FROM generate_series(0, 3) AS place, LATERAL (SELECT (n * 7919 % 24010000 / (70 ^ place)::int)::int AS at) AS syllable);
CREATE FUNCTION bench.id(kind text, n bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN md5(kind || n)::uuid;
`

/** Two or three syllables; those of neighbouring numbers have little in common. */
const VOCABULARY = `
CREATE TABLE bench.word AS
SELECT n, string_agg(substr('bdfgklmnprstvz', 1 + at % 14, 1) || substr('aeiou', 1 + at / 14 % 5, 1), '' ORDER BY place) AS en
FROM generate_series(0, ${WORDS - 1}) AS n, LATERAL (
  SELECT place, (n * 7919::bigint % 343000 / (70 ^ place)::int)::int AS at FROM generate_series(0, 2) AS place
) AS syllables
GROUP BY n;
ALTER TABLE bench.word ADD PRIMARY KEY (n), ADD ru text;
UPDATE bench.word SET ru = translate(other.en, 'bdfgklmnprstvzaeiou', 'бдфгклмнпрствзаеиоу')
FROM bench.word AS other WHERE other.n = (word.n * 7::bigint + 3) % ${WORDS};

CREATE TABLE bench.sentence AS
SELECT chosen.n, string_agg(en, ' ') || '.' AS en, string_agg(ru, ' ') || '.' AS ru
FROM (
  SELECT s AS n, bench.popular(bench.chance(s * 100 + place, 1), ${WORDS}, 20) AS word
  FROM generate_series(0, ${SENTENCES - 1}) AS s, generate_series(1, ${WORDS_PER_SENTENCE}) AS place
) AS chosen JOIN bench.word ON word.n = word
GROUP BY chosen.n;
ALTER TABLE bench.sentence ADD PRIMARY KEY (n);
ANALYZE bench.word, bench.sentence;
`

const PEOPLE = (people: number) => `
INSERT INTO people.person (id, slug, birth_date, updated_at)
SELECT bench.id('person', n), 'person-' || n,
  CASE WHEN bench.chance(n, 10) > 0.1 THEN date '1900-01-01' + (bench.chance(n, 11) * 36000)::int END, now()
FROM generate_series(0, ${people - 1}) AS n;

INSERT INTO people.person_translation (person_id, language, name)
SELECT bench.id('person', n), language, initcap(CASE language WHEN 'en' THEN name ELSE
  translate(name, 'bdfgklmnprstvzaeiou', 'бдфгклмнпрствзаеиоу') END)
FROM (
  SELECT chosen.n, first.en || ' ' || last.en AS name
  FROM (
    SELECT n, bench.popular(bench.chance(n, 12), ${FIRST_NAMES}, 20) AS first, bench.popular(bench.chance(n, 13), ${WORDS}, 200) AS last
    FROM generate_series(0, ${people - 1}) AS n
  ) AS chosen JOIN bench.word AS first ON first.n = first JOIN bench.word AS last ON last.n = last
) AS named, unnest('{en,ru}'::text[]) AS language;
`

const FILMS = (films: number) => `
CREATE TABLE bench.film AS
SELECT n, bench.id('film', n) AS id, bench.chance(n, 20) AS kind, bench.chance(n, 21) AS state, 1950 + floor(76 * bench.chance(n, 22) ^ 0.6)::int AS year,
  bench.popular(bench.chance(n, 23), ${WORDS}, 50) AS first, bench.popular(bench.chance(n, 24), ${WORDS}, 50) AS second,
  bench.popular(bench.chance(n, 25), ${WORDS}, 50) AS third, 1 + floor(3 * bench.chance(n, 26)) AS words,
  floor(bench.chance(n, 27) * ${SENTENCES})::int AS opening, floor(bench.chance(n, 28) * ${SENTENCES})::int AS ending
FROM generate_series(0, ${films - 1}) AS n;

INSERT INTO films.film (id, slug, type, status, original_title, original_language, release_date, release_year, runtime_minutes, age_rating,
  countries, external_rating, required_role, hidden_without_role, updated_at)
SELECT film.id, 'film-' || film.n, CASE WHEN kind < 0.04 THEN 'TV_SHOW' ELSE 'MOVIE' END::films.film_type,
  CASE WHEN state < 0.02 THEN 'DRAFT' WHEN state < 0.03 THEN 'ARCHIVED' ELSE 'PUBLISHED' END::films.film_status,
  initcap(first.en || CASE WHEN words > 1 THEN ' ' || second.en ELSE '' END), 'en',
  CASE WHEN bench.chance(film.n, 30) > 0.05 THEN make_date(year, 1, 1) + floor(365 * bench.chance(film.n, 31))::int END, year, 60 + floor(120 * bench.chance(film.n, 32)),
  ('{0,6,12,16,18}'::int[])[1 + floor(5 * bench.chance(film.n, 33))::int],
  ARRAY[('{${COUNTRIES.join()}}'::text[])[1 + bench.popular(bench.chance(film.n, 34), ${COUNTRIES.length}, 1)]],
  CASE WHEN bench.chance(film.n, 35) > 0.1 THEN round((1 + 9 * bench.chance(film.n, 36) ^ 0.7)::numeric, 1) END,
  CASE WHEN state > 0.97 THEN 'subscriber' END, state > 0.97, now()
FROM bench.film JOIN bench.word AS first ON first.n = first JOIN bench.word AS second ON second.n = second
ORDER BY film.id;

INSERT INTO films.film_translation (film_id, language, title, description)
SELECT film.id, language,
  initcap(concat_ws(' ', CASE language WHEN 'en' THEN first.en ELSE first.ru END,
    CASE WHEN words > 1 THEN CASE language WHEN 'en' THEN second.en ELSE second.ru END END,
    CASE WHEN words > 2 THEN CASE language WHEN 'en' THEN third.en ELSE third.ru END END,
    CASE WHEN language = 'en' AND film.n % 10 = 0 THEN bench.rare(film.n) END)),
  CASE language WHEN 'en' THEN opening.en || ' ' || ending.en ELSE opening.ru || ' ' || ending.ru END
FROM bench.film JOIN bench.word AS first ON first.n = first JOIN bench.word AS second ON second.n = second JOIN bench.word AS third ON third.n = third
  JOIN bench.sentence AS opening ON opening.n = opening JOIN bench.sentence AS ending ON ending.n = ending, unnest('{en,ru}'::text[]) AS language
ORDER BY film.id;

INSERT INTO films.season (id, film_id, number)
SELECT bench.id('season', n * 10 + number), id, number FROM bench.film, generate_series(1, 2) AS number WHERE kind < 0.04;
INSERT INTO films.season_translation (season_id, language, title)
SELECT bench.id('season', n * 10 + number), 'en', 'Season ' || number FROM bench.film, generate_series(1, 2) AS number WHERE kind < 0.04;
INSERT INTO films.episode (id, season_id, number)
SELECT bench.id('episode', n * 1000 + season * 100 + number), bench.id('season', n * 10 + season), number
FROM bench.film, generate_series(1, 2) AS season, generate_series(1, 8) AS number WHERE kind < 0.04;
`

/** The genres of a film are chosen by place in the order of their slugs; persons by their numbers, of whom the busiest have some hundred films. */
const LINKS = (people: number) => `
CREATE TABLE bench.genre AS SELECT id, row_number() OVER (ORDER BY slug)::int - 1 AS n FROM people.genre;
CREATE TABLE bench.person AS SELECT n, bench.id('person', n) AS id FROM generate_series(0, ${people - 1}) AS n;
CREATE TABLE bench.index AS SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid IN ('people.credit'::regclass, 'people.film_genre'::regclass) AND NOT indisunique;
ANALYZE bench.genre, bench.person, bench.film;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT index.name FROM bench.index LOOP EXECUTE 'DROP INDEX ' || name; END LOOP;
END $$;

INSERT INTO people.film_genre (film_id, genre_id, "order")
SELECT film.id, genre.id, place
FROM bench.film, generate_series(0, 2) AS place, bench.genre
WHERE place <= 3 * bench.chance(film.n, 41)
  AND genre.n = bench.popular(bench.chance(film.n * 4 + place, 40), (SELECT count(*)::int FROM bench.genre), 2)
ON CONFLICT DO NOTHING;

INSERT INTO people.credit (id, film_id, person_id, role, billing_order)
SELECT (lpad(to_hex(film.n), 24, '0') || lpad(to_hex(place), 8, '0'))::uuid, film.id, person.id,
  (CASE place WHEN 0 THEN 'DIRECTOR' WHEN 1 THEN 'WRITER' WHEN 2 THEN 'PRODUCER' WHEN 3 THEN 'COMPOSER' ELSE 'ACTOR' END)::people.credit_role, place
FROM bench.film, generate_series(0, 19) AS place, bench.person
WHERE place < 5 + floor(16 * bench.chance(film.n, 51))
  AND person.n = bench.popular(bench.chance(film.n * 32 + place, 50), ${people}, ${Math.ceil(people / 100)});

DO $$ DECLARE definition text; BEGIN
  FOR definition IN SELECT index.definition FROM bench.index LOOP EXECUTE definition; END LOOP;
END $$;
`

/**
 * SQL that makes films, persons, credits (5 to 20 a film), genre links, seasons and episodes in a migrated database that has genres and
 * no films: the same for the same numbers. Words, persons, genres and countries are popular by Zipf's law. Needs a superuser, for it
 * checks no foreign key.
 */
export const generatedCatalogueSql = (films: number, people: number): readonly string[] => [
  'SET session_replication_role = replica',
  TOOLS,
  VOCABULARY,
  PEOPLE(people),
  FILMS(films),
  LINKS(people),
  'DROP SCHEMA bench CASCADE',
  'ANALYZE',
  'RESET session_replication_role',
]
