import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Film, Genre, Person } from './fixtures.js'
import { stableId } from './stable-id.js'

export type PeopleRows = Pick<PrismaClient, '$executeRaw' | '$transaction'>

const LANGUAGES = ['en', 'ru'] as const

/** Writes genres over those with the same slug. */
export async function writeGenres(db: PeopleRows, genres: readonly Genre[]): Promise<void> {
  const rows = JSON.stringify(
    genres.flatMap(({ slug, name, description }) =>
      LANGUAGES.map((language) => ({
        id: stableId('genre', slug),
        slug,
        language,
        name: name[language],
        description: description[language],
      })),
    ),
  )
  await db.$transaction([
    db.$executeRaw`
      INSERT INTO people.genre (id, slug, updated_at)
      SELECT DISTINCT id, slug, now() FROM jsonb_to_recordset(${rows}::jsonb) AS genre(id uuid, slug text)
      ON CONFLICT (id) DO UPDATE SET (slug, updated_at) = (excluded.slug, excluded.updated_at)`,
    db.$executeRaw`
      INSERT INTO people.genre_translation (genre_id, language, name, description)
      SELECT id, language, name, description FROM jsonb_to_recordset(${rows}::jsonb)
        AS genre(id uuid, language text, name text, description text)
      ON CONFLICT (genre_id, language) DO UPDATE SET (name, description) = (excluded.name, excluded.description)`,
  ])
}

/** Writes persons over those with the same slug. */
export async function writePersons(db: PeopleRows, people: readonly Person[]): Promise<void> {
  const rows = JSON.stringify(
    people.flatMap(({ slug, name, biography, birthDate, deathDate }) =>
      LANGUAGES.map((language) => ({
        id: stableId('person', slug),
        slug,
        birth_date: birthDate,
        death_date: deathDate,
        language,
        name: name[language],
        biography: biography?.[language] ?? null,
      })),
    ),
  )
  await db.$transaction([
    db.$executeRaw`
      INSERT INTO people.person (id, slug, birth_date, death_date, updated_at)
      SELECT DISTINCT id, slug, birth_date, death_date, now()
      FROM jsonb_to_recordset(${rows}::jsonb) AS person(id uuid, slug text, birth_date date, death_date date)
      ON CONFLICT (id) DO UPDATE SET (slug, birth_date, death_date, updated_at) =
        (excluded.slug, excluded.birth_date, excluded.death_date, excluded.updated_at)`,
    db.$executeRaw`
      INSERT INTO people.person_translation (person_id, language, name, biography)
      SELECT id, language, name, biography FROM jsonb_to_recordset(${rows}::jsonb)
        AS person(id uuid, language text, name text, biography text)
      ON CONFLICT (person_id, language) DO UPDATE SET (name, biography) = (excluded.name, excluded.biography)`,
  ])
}

/** Sets the genres and credits of films to exactly those given; their order is the order shown. */
export async function writeFilmLinks(db: PeopleRows, films: readonly Film[]): Promise<void> {
  const filmIds = films.map(({ slug }) => stableId('film', slug))
  const credits = JSON.stringify(
    films.flatMap(({ slug, credits }) =>
      credits.map(({ person, role, character }, index) => ({
        id: stableId('credit', `${slug}:${index}`),
        film_id: stableId('film', slug),
        person_id: stableId('person', person),
        role,
        character: character ?? null,
        billing_order: index + 1,
      })),
    ),
  )
  const genres = JSON.stringify(
    films.flatMap(({ slug, genres }) =>
      genres.map((genre, index) => ({
        film_id: stableId('film', slug),
        genre_id: stableId('genre', genre),
        order: index + 1,
      })),
    ),
  )
  await db.$transaction([
    db.$executeRaw`DELETE FROM people.credit WHERE film_id = ANY(${filmIds}::uuid[])`,
    db.$executeRaw`DELETE FROM people.film_genre WHERE film_id = ANY(${filmIds}::uuid[])`,
    db.$executeRaw`
      INSERT INTO people.credit (id, film_id, person_id, role, character, billing_order)
      SELECT id, film_id, person_id, role::people.credit_role, character, billing_order
      FROM jsonb_to_recordset(${credits}::jsonb) AS credit(id uuid, film_id uuid, person_id uuid, role text,
        character text, billing_order int)`,
    db.$executeRaw`
      INSERT INTO people.film_genre (film_id, genre_id, "order")
      SELECT film_id, genre_id, "order"
      FROM jsonb_to_recordset(${genres}::jsonb) AS link(film_id uuid, genre_id uuid, "order" int)`,
  ])
}
