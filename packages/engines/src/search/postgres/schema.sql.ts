import { FILM_FACTS_INDEXES, FILM_FACTS_SQL } from './film-facts.sql.js'
import { FACET_FILMS_SQL } from './facet-films.sql.js'
import { FILMS_BY_GENRE_INDEXES, FILMS_BY_GENRE_SQL } from './films-by-genre.sql.js'
import { PERSON_FILMS_INDEXES, PERSON_FILMS_SQL } from './person-films.sql.js'
import { NAME_HASHES, TITLE_WORDS, WORDS } from './relevance.js'

/** What the index needs of Postgres, besides its schema and the extension pg_trgm. Any change here makes another index. */
export const TABLES_SQL = `
-- Latin words are stemmed as English, Cyrillic ones as Russian, whatever the language of the text around them.
-- No word is a stop word here: there are films called "It" and «Он».
CREATE TEXT SEARCH DICTIONARY search.english (TEMPLATE = pg_catalog.snowball, Language = english);
CREATE TEXT SEARCH DICTIONARY search.russian (TEMPLATE = pg_catalog.snowball, Language = russian);
CREATE TEXT SEARCH CONFIGURATION search.stems (COPY = pg_catalog.russian);
ALTER TEXT SEARCH CONFIGURATION search.stems
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH search.english;
ALTER TEXT SEARCH CONFIGURATION search.stems
  ALTER MAPPING FOR word, hword, hword_part WITH search.russian;

-- Stop words are left out of a question, unless it has no others.
CREATE FUNCTION search.question(words text) RETURNS tsquery IMMUTABLE PARALLEL SAFE LANGUAGE sql
RETURN CASE numnode(to_tsquery('pg_catalog.russian', words))
  WHEN 0 THEN to_tsquery('search.stems', words)
  ELSE to_tsquery('pg_catalog.russian', words)
END;

-- The same words: to read and unpack them from every row is dearer than Postgres believes, and this says so. Not in SQL, which would be
-- taken apart again.
CREATE FUNCTION search.looked_up(words tsvector) RETURNS tsvector IMMUTABLE PARALLEL SAFE COST 10000 LANGUAGE plpgsql
AS 'BEGIN RETURN words; END';

CREATE FUNCTION search.hashes(names text[]) RETURNS int[] IMMUTABLE PARALLEL SAFE COST 10000 LANGUAGE sql
RETURN ARRAY(SELECT hashtext(name) FROM unnest(names) AS name);

-- A removed document stays as a row with no more than its version, so that an older one cannot bring it back.
CREATE TABLE search.films (
  id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  live boolean NOT NULL,
  digest text,
  audience text,
  status text,
  type text,
  genre_ids text[],
  -- a credit is here twice: as PERSON and as PERSON:ROLE
  credits text[],
  -- of actors, by PERSON:ROLE
  characters jsonb,
  countries text[],
  age_rating int,
  release_date text COLLATE "C",
  release_year int,
  external_rating float8,
  seasons int,
  name_en text COLLATE "en-x-icu",
  name_ru text COLLATE "ru-x-icu",
  -- whole names, folded, and how they sound
  names text[],
  -- stems, weighted
  words tsvector,
  -- the same without the description: scores read it of every match, so it stays in the row, as do names and prefixes
  key_words tsvector,
  -- words of the names as they are and as they sound, for prefixes
  prefixes tsvector,
  document jsonb
);
ALTER TABLE search.films ALTER COLUMN key_words SET STORAGE MAIN,
  ALTER COLUMN names SET STORAGE MAIN, ALTER COLUMN prefixes SET STORAGE MAIN;

CREATE TABLE search.persons (
  id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  live boolean NOT NULL,
  digest text,
  name_en text COLLATE "en-x-icu",
  name_ru text COLLATE "ru-x-icu",
  names text[],
  words tsvector,
  prefixes tsvector
);

CREATE TABLE search.genres (LIKE search.persons INCLUDING ALL);

-- Every word of a title or a name, ever: what a mistyped one may have meant. Its sound is in ASCII: Postgres takes trigrams only of
-- letters that its locale knows, and in locale C, which the embedded server has, those are ASCII.
CREATE TABLE search.vocabulary (word text COLLATE "C" PRIMARY KEY, sound text COLLATE "C" NOT NULL);
CREATE INDEX ON search.vocabulary (sound);
CREATE INDEX ON search.vocabulary USING gin (sound gin_trgm_ops);

-- Candidates only: the caller counts the letters. The limit is part of the function, so no session's setting changes it.
-- Not a text but bound to the table: the schema has another name while it is filled.
CREATE FUNCTION search.similar(typed text) RETURNS SETOF text STABLE LANGUAGE sql
SET pg_trgm.similarity_threshold = 0.2
BEGIN ATOMIC
  SELECT word FROM search.vocabulary
  WHERE sound % typed AND length(sound) BETWEEN length(typed) - 2 AND length(typed) + 2
  ORDER BY similarity(sound, typed) DESC, word
  LIMIT 30;
END;
${FILM_FACTS_SQL}
${PERSON_FILMS_SQL}
${FACET_FILMS_SQL}
${FILMS_BY_GENRE_SQL}`

const named = (table: string) => [
  `${table} USING gin ((${WORDS}))`,
  `${table} USING gin (prefixes)`,
  `${table} (left(name_en, 200), id) WHERE live`,
  `${table} (left(name_ru, 200), id) WHERE live`,
]

/** What CREATE INDEX ON is followed by. Writing is right without them, and quicker. */
export const INDEXES: readonly string[] = [
  `search.films USING gin ((${WORDS}))`,
  'search.films USING gin (prefixes)',
  // the best matches alone: see relevance.ts
  `search.films USING gin ((${TITLE_WORDS}))`,
  `search.films USING gin ((${NAME_HASHES}))`,
  'search.films USING gin (credits)',
  ...named('search.persons'),
  ...named('search.genres'),
  ...FILM_FACTS_INDEXES,
  ...PERSON_FILMS_INDEXES,
  ...FILMS_BY_GENRE_INDEXES,
]
