import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { Language, type Translations } from '@cinegraph/kit/language'
import type { CreditRecord } from '../credits/credit.repository.js'
import type { GenreRecord } from '../genres/genre.repository.js'
import type { PersonRecord } from '../persons/person.repository.js'

/** What belongs to one film, each list in the order in which it is shown. */
export interface ImportedFilmLinks {
  readonly filmId: string
  readonly genreIds: readonly string[]
  readonly credits: readonly Omit<CreditRecord, 'order'>[]
}

/** Brings whole catalogues in, under ids of the caller's: one statement per table, however many rows. */
export class PeopleImportRepository {
  constructor(private readonly db: Pick<PrismaClient, '$executeRaw' | '$transaction'>) {}

  /** Writes genres over those with the same id. */
  async writeGenres(genres: readonly GenreRecord[]): Promise<void> {
    const rows = JSON.stringify(genres)
    const translations = JSON.stringify(
      genres.flatMap(({ id, name, description }) => translationsOf(id, name, description)),
    )
    await this.db.$transaction([
      this.db.$executeRaw`
        INSERT INTO people.genre (id, slug, updated_at)
        SELECT id, slug, now() FROM jsonb_to_recordset(${rows}::jsonb) AS genre(id uuid, slug text)
        ON CONFLICT (id) DO UPDATE SET (slug, updated_at) = (excluded.slug, excluded.updated_at)`,
      this.db.$executeRaw`
        INSERT INTO people.genre_translation (genre_id, language, name, description)
        SELECT id, language, name, text FROM jsonb_to_recordset(${translations}::jsonb)
          AS genre(id uuid, language text, name text, text text)
        ON CONFLICT (genre_id, language) DO UPDATE SET (name, description) = (excluded.name, excluded.description)`,
    ])
  }

  /** Writes persons over those with the same id. */
  async writePersons(persons: readonly PersonRecord[]): Promise<void> {
    const rows = JSON.stringify(persons)
    const translations = JSON.stringify(
      persons.flatMap(({ id, name, biography }) => translationsOf(id, name, biography)),
    )
    await this.db.$transaction([
      this.db.$executeRaw`
        INSERT INTO people.person (id, slug, birth_date, death_date, updated_at)
        SELECT id, slug, "birthDate", "deathDate", now() FROM jsonb_to_recordset(${rows}::jsonb)
          AS person(id uuid, slug text, "birthDate" date, "deathDate" date)
        ON CONFLICT (id) DO UPDATE SET (slug, birth_date, death_date, updated_at) =
          (excluded.slug, excluded.birth_date, excluded.death_date, excluded.updated_at)`,
      this.db.$executeRaw`
        INSERT INTO people.person_translation (person_id, language, name, biography)
        SELECT id, language, name, text FROM jsonb_to_recordset(${translations}::jsonb)
          AS person(id uuid, language text, name text, text text)
        ON CONFLICT (person_id, language) DO UPDATE SET (name, biography) = (excluded.name, excluded.biography)`,
    ])
  }

  /** Sets the genres and credits of films to exactly those given. */
  async setFilmLinks(films: readonly ImportedFilmLinks[]): Promise<void> {
    const filmIds = films.map(({ filmId }) => filmId)
    const credits = JSON.stringify(
      films.flatMap(({ filmId, credits }) =>
        credits.map((credit, index) => ({ ...credit, filmId, order: index + 1 })),
      ),
    )
    const genres = JSON.stringify(
      films.flatMap(({ filmId, genreIds }) =>
        genreIds.map((genreId, index) => ({ filmId, genreId, order: index + 1 })),
      ),
    )
    await this.db.$transaction([
      this.db.$executeRaw`DELETE FROM people.credit WHERE film_id = ANY(${filmIds}::uuid[])`,
      this.db.$executeRaw`DELETE FROM people.film_genre WHERE film_id = ANY(${filmIds}::uuid[])`,
      this.db.$executeRaw`
        INSERT INTO people.credit (id, film_id, person_id, role, character, billing_order)
        SELECT id, "filmId", "personId", role::people.credit_role, character, "order"
        FROM jsonb_to_recordset(${credits}::jsonb) AS credit(id uuid, "filmId" uuid, "personId" uuid, role text,
          character text, "order" int)`,
      this.db.$executeRaw`
        INSERT INTO people.film_genre (film_id, genre_id, "order")
        SELECT "filmId", "genreId", "order"
        FROM jsonb_to_recordset(${genres}::jsonb) AS link("filmId" uuid, "genreId" uuid, "order" int)`,
    ])
  }
}

/** A row for each language in which there is a name. */
const translationsOf = (id: string, name: Translations, text: Translations) =>
  Object.values(Language)
    .filter((language) => name[language] !== undefined)
    .map((language) => ({ id, language, name: name[language], text: text[language] }))
