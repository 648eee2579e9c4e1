import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { Language } from '@cinegraph/kit/language'
import type { FilmRecord } from '../films/film.record.js'

/** A film as it is brought in, under an id of the caller's. It needs a title in every language in which it has a text. */
export type ImportedFilm = Omit<
  FilmRecord,
  | 'audience'
  | 'status'
  | 'publishAt'
  | 'requiredRole'
  | 'hiddenWithoutRole'
  | 'trailerUrl'
  | 'version'
>

/** Brings whole catalogues in: one statement per table, however many films. */
export class FilmImportRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film' | '$executeRaw' | '$transaction'>) {}

  /** Whether there is any film at all. */
  async any(): Promise<boolean> {
    return (await this.db.film.findFirst({ select: { id: true } })) !== null
  }

  /** Writes films over those with the same id. New ones are published; who may see those that were there stays as it is. */
  async write(films: readonly ImportedFilm[]): Promise<void> {
    const rows = JSON.stringify(films)
    const translations = JSON.stringify(films.flatMap(translationsOf))
    await this.db.$transaction([
      this.db.$executeRaw`
        INSERT INTO films.film (id, slug, type, status, original_title, original_language, release_date,
          release_year, runtime_minutes, age_rating, countries, external_rating, credits_start_sec, updated_at)
        SELECT id, slug, type::films.film_type, 'PUBLISHED', "originalTitle", "originalLanguage", "releaseDate",
          "releaseYear", "runtimeMinutes", "ageRating", countries, "externalRating", "creditsStartSec", now()
        FROM jsonb_to_recordset(${rows}::jsonb) AS film(id uuid, slug text, type text, "originalTitle" text,
          "originalLanguage" text, "releaseDate" date, "releaseYear" int, "runtimeMinutes" int, "ageRating" int,
          countries text[], "externalRating" float8, "creditsStartSec" int)
        ON CONFLICT (id) DO UPDATE SET (slug, type, original_title, original_language, release_date, release_year,
          runtime_minutes, age_rating, countries, external_rating, credits_start_sec, updated_at) =
          (excluded.slug, excluded.type, excluded.original_title, excluded.original_language, excluded.release_date,
          excluded.release_year, excluded.runtime_minutes, excluded.age_rating, excluded.countries,
          excluded.external_rating, excluded.credits_start_sec, excluded.updated_at)`,
      this.db.$executeRaw`
        INSERT INTO films.film_translation (film_id, language, title, description, tagline)
        SELECT "filmId", language, title, description, tagline
        FROM jsonb_to_recordset(${translations}::jsonb)
          AS text("filmId" uuid, language text, title text, description text, tagline text)
        ON CONFLICT (film_id, language) DO UPDATE SET (title, description, tagline) =
          (excluded.title, excluded.description, excluded.tagline)`,
    ])
  }
}

const translationsOf = ({ id, title, description, tagline }: ImportedFilm) =>
  Object.values(Language)
    .filter((language) => title[language] !== undefined)
    .map((language) => ({
      filmId: id,
      language,
      title: title[language],
      description: description[language],
      tagline: tagline[language],
    }))
