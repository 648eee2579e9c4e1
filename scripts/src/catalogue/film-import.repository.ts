import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Film } from './fixtures.js'
import { stableId } from './stable-id.js'

export type FilmRows = Pick<PrismaClient, 'film' | '$executeRaw' | '$transaction'>

const inLanguages = ({ slug, title, description, tagline }: Film) =>
  (['en', 'ru'] as const).flatMap((language) => {
    const text = title[language]
    if (text === undefined) return []
    return {
      film_id: stableId('film', slug),
      language,
      title: text,
      description: description[language],
      tagline: tagline?.[language] ?? null,
    }
  })

/** Writes films as published, over those with the same slug. One statement per table, however many films. */
export async function writeFilms(db: FilmRows, films: readonly Film[]): Promise<void> {
  const rows = JSON.stringify(
    films.map((film) => ({
      ...film,
      id: stableId('film', film.slug),
      release_year: film.year,
    })),
  )
  const translations = JSON.stringify(films.flatMap(inLanguages))
  await db.$transaction([
    db.$executeRaw`
      INSERT INTO films.film (id, slug, type, status, original_title, original_language, release_date,
        release_year, runtime_minutes, age_rating, countries, external_rating, credits_start_sec, updated_at)
      SELECT id, slug, type::films.film_type, 'PUBLISHED', "originalTitle", "originalLanguage", "releaseDate",
        release_year, "runtimeMinutes", "ageRating", countries, "externalRating", "creditsStartSec", now()
      FROM jsonb_to_recordset(${rows}::jsonb) AS film(id uuid, slug text, type text, "originalTitle" text,
        "originalLanguage" text, "releaseDate" date, release_year int, "runtimeMinutes" int, "ageRating" int,
        countries text[], "externalRating" float8, "creditsStartSec" int)
      ON CONFLICT (id) DO UPDATE SET (slug, type, original_title, original_language, release_date, release_year,
        runtime_minutes, age_rating, countries, external_rating, credits_start_sec, updated_at) =
        (excluded.slug, excluded.type, excluded.original_title, excluded.original_language, excluded.release_date,
        excluded.release_year, excluded.runtime_minutes, excluded.age_rating, excluded.countries,
        excluded.external_rating, excluded.credits_start_sec, excluded.updated_at)`,
    db.$executeRaw`
      INSERT INTO films.film_translation (film_id, language, title, description, tagline)
      SELECT film_id, language, title, description, tagline
      FROM jsonb_to_recordset(${translations}::jsonb)
        AS text(film_id uuid, language text, title text, description text, tagline text)
      ON CONFLICT (film_id, language) DO UPDATE SET (title, description, tagline) =
        (excluded.title, excluded.description, excluded.tagline)`,
  ])
}

export const hasFilms = async (db: FilmRows): Promise<boolean> =>
  (await db.film.findFirst({ select: { id: true } })) !== null
