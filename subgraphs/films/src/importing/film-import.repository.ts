import type { Prisma, PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { announce } from '@cinegraph/engines/outbox/outbox.repository'
import { filmChanged } from '@cinegraph/events/domain/film.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import {
  changesOf,
  compareImports,
  type Imported,
  type ImportedChange,
  type ImportOutcome,
} from '@cinegraph/kit/importing'
import { Language, type Translations } from '@cinegraph/kit/language'
import { FILM_RULES, type FilmContent, type FilmFields } from './film-content.js'
import { FilmContentRepository } from './film-content.repository.js'

export type FilmOutcome = ImportOutcome<FilmContent>
type FilmChange = ImportedChange<FilmContent>
type Transaction = Prisma.TransactionClient

/** Brings whole catalogues in: one statement per table, however many films. */
export class FilmImportRepository {
  constructor(private readonly db: Pick<PrismaClient, 'film' | '$queryRaw' | '$transaction'>) {}

  /** Whether there is any film at all. */
  async any(): Promise<boolean> {
    return (await this.db.film.findFirst({ select: { id: true } })) !== null
  }

  /** What `write` would make of each, in their order. */
  async compare(films: readonly Imported<FilmFields>[]): Promise<FilmOutcome[]> {
    const stored = await new FilmContentRepository(this.db).byIds(films.map(({ id }) => id))
    return compareImports(films, stored, FILM_RULES)
  }

  /**
   * Writes what is new or changes, in one transaction, each with its next version; refuses what breaks a rule. `told`: with an
   * entry in the audit and an event for each. Without, the caller makes the search index anew.
   */
  async write(
    films: readonly Imported<FilmFields>[],
    { told }: { told: boolean },
  ): Promise<FilmOutcome[]> {
    if (films.length === 0) return []
    const ids = films.map(({ id }) => id)
    return this.db.$transaction(async (tx) => {
      // one import at a time: what one that was killed has left on its way is there or not before the next compares
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('films.import'))`
      await tx.$executeRaw`SELECT FROM films.film WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
      const stored = await new FilmContentRepository(tx).byIds(ids)
      const outcomes = compareImports(films, stored, FILM_RULES)
      const changes = changesOf(outcomes)
      if (changes.length === 0) return outcomes
      await writeFilms(tx, changes)
      await writeTexts(tx, changes)
      await writeExternalIds(tx, changes)
      await writeSeasons(tx, changes)
      if (told) await tell(tx, changes)
      return outcomes
    })
  }
}

async function writeFilms(tx: Transaction, changes: readonly FilmChange[]) {
  const rows = changes.map(({ id, version, after: { seasons: _, externalIds: __, ...film } }) => ({
    ...film,
    id,
    version,
  }))
  await tx.$executeRaw`
    INSERT INTO films.film (id, slug, type, status, original_title, original_language, release_date, release_year,
      runtime_minutes, age_rating, countries, external_rating, credits_start_sec, trailer_url, required_role,
      hidden_without_role, publish_at, version, updated_at)
    SELECT id, slug, type::films.film_type, status::films.film_status, "originalTitle", "originalLanguage", "releaseDate",
      "releaseYear", "runtimeMinutes", "ageRating", countries, "externalRating", "creditsStartSec", "trailerUrl",
      "requiredRole", "hiddenWithoutRole", "publishAt", version, now()
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS film(id uuid, slug text, type text, status text,
      "originalTitle" text, "originalLanguage" text, "releaseDate" date, "releaseYear" int, "runtimeMinutes" int,
      "ageRating" int, countries text[], "externalRating" float8, "creditsStartSec" int, "trailerUrl" text,
      "requiredRole" text, "hiddenWithoutRole" boolean, "publishAt" timestamptz, version int)
    ON CONFLICT (id) DO UPDATE SET (slug, type, status, original_title, original_language, release_date, release_year,
      runtime_minutes, age_rating, countries, external_rating, credits_start_sec, trailer_url, required_role,
      hidden_without_role, publish_at, version, updated_at) =
      (excluded.slug, excluded.type, excluded.status, excluded.original_title, excluded.original_language,
      excluded.release_date, excluded.release_year, excluded.runtime_minutes, excluded.age_rating, excluded.countries,
      excluded.external_rating, excluded.credits_start_sec, excluded.trailer_url, excluded.required_role,
      excluded.hidden_without_role, excluded.publish_at, excluded.version, excluded.updated_at)`
}

async function writeTexts(tx: Transaction, changes: readonly FilmChange[]) {
  const changed = whereChanged(changes, 'title', 'description', 'tagline')
  const rows = changed.flatMap(({ id, after }) => textRows({ filmId: id }, after))
  await tx.$executeRaw`DELETE FROM films.film_translation WHERE film_id = ANY(${olderIds(changed)}::uuid[])`
  await tx.$executeRaw`
    INSERT INTO films.film_translation (film_id, language, title, description, tagline)
    SELECT "filmId", language, title, description, tagline
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS text("filmId" uuid, language text, title text, description text, tagline text)`
}

async function writeExternalIds(tx: Transaction, changes: readonly FilmChange[]) {
  const changed = whereChanged(changes, 'externalIds')
  if (changed.length === 0) return
  const rows = changed.flatMap(({ id, after }) =>
    Object.entries(after.externalIds).map(([source, value]) => ({ filmId: id, source, value })),
  )
  await tx.$executeRaw`DELETE FROM films.film_external_id WHERE film_id = ANY(${olderIds(changed)}::uuid[])`
  await tx.$executeRaw`
    INSERT INTO films.film_external_id (film_id, source, value)
    SELECT "filmId", source, value FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS external("filmId" uuid, source text, value text)`
}

/** A season or an episode of a number that stays keeps its id: others point to it. */
async function writeSeasons(tx: Transaction, changes: readonly FilmChange[]) {
  const changed = whereChanged(changes, 'seasons')
  if (changed.length === 0) return
  const filmIds = changed.map(({ id }) => id)
  const seasons = changed.flatMap(({ id, after }) =>
    after.seasons.map((season) => ({ filmId: id, ...season })),
  )
  const seasonRows = JSON.stringify(seasons.map(({ episodes: _, ...season }) => season))
  const episodes = seasons.flatMap(({ filmId, number: season, episodes }) =>
    episodes.map((episode) => ({ filmId, season, ...episode })),
  )
  const episodeRows = JSON.stringify(episodes)
  await tx.$executeRaw`
    DELETE FROM films.season WHERE film_id = ANY(${filmIds}::uuid[]) AND (film_id, number) NOT IN (
      SELECT "filmId", number FROM jsonb_to_recordset(${seasonRows}::jsonb) AS season("filmId" uuid, number int))`
  await tx.$executeRaw`
    INSERT INTO films.season (id, film_id, number, release_date)
    SELECT gen_random_uuid(), "filmId", number, "releaseDate"
    FROM jsonb_to_recordset(${seasonRows}::jsonb) AS season("filmId" uuid, number int, "releaseDate" date)
    ON CONFLICT (film_id, number) DO UPDATE SET release_date = excluded.release_date`
  await tx.$executeRaw`
    DELETE FROM films.episode USING films.season
    WHERE season.id = season_id AND film_id = ANY(${filmIds}::uuid[]) AND (film_id, season.number, episode.number) NOT IN (
      SELECT "filmId", season, number
      FROM jsonb_to_recordset(${episodeRows}::jsonb) AS episode("filmId" uuid, season int, number int))`
  await tx.$executeRaw`
    INSERT INTO films.episode (id, season_id, number, release_date, runtime_minutes, credits_start_sec)
    SELECT gen_random_uuid(), season.id, episode.number, "releaseDate", "runtimeMinutes", "creditsStartSec"
    FROM jsonb_to_recordset(${episodeRows}::jsonb) AS episode("filmId" uuid, season int, number int, "releaseDate" date,
      "runtimeMinutes" int, "creditsStartSec" int)
    JOIN films.season ON film_id = "filmId" AND season.number = episode.season
    ON CONFLICT (season_id, number) DO UPDATE SET (release_date, runtime_minutes, credits_start_sec) =
      (excluded.release_date, excluded.runtime_minutes, excluded.credits_start_sec)`
  await tx.$executeRaw`
    DELETE FROM films.season_translation USING films.season
    WHERE season.id = season_id AND film_id = ANY(${filmIds}::uuid[])`
  await tx.$executeRaw`
    INSERT INTO films.season_translation (season_id, language, title, description)
    SELECT season.id, language, title, description
    FROM jsonb_to_recordset(${JSON.stringify(
      seasons.flatMap(({ filmId, number, ...season }) => textRows({ filmId, number }, season)),
    )}::jsonb) AS text("filmId" uuid, number int, language text, title text, description text)
    JOIN films.season ON film_id = "filmId" AND season.number = text.number`
  await tx.$executeRaw`
    DELETE FROM films.episode_translation USING films.episode JOIN films.season ON season.id = season_id
    WHERE episode.id = episode_id AND film_id = ANY(${filmIds}::uuid[])`
  await tx.$executeRaw`
    INSERT INTO films.episode_translation (episode_id, language, title, description)
    SELECT episode.id, language, title, description
    FROM jsonb_to_recordset(${JSON.stringify(
      episodes.flatMap(({ filmId, season, number, ...episode }) =>
        textRows({ filmId, season, number }, episode),
      ),
    )}::jsonb) AS text("filmId" uuid, season int, number int, language text, title text, description text)
    JOIN films.season ON film_id = "filmId" AND season.number = text.season
    JOIN films.episode ON season_id = season.id AND episode.number = text.number`
}

async function tell(tx: Transaction, changes: readonly FilmChange[]) {
  const entries = changes.map(({ id, version, changes }) => ({ id, version, changes }))
  await tx.$executeRaw`
    INSERT INTO films.film_audit (film_id, version, action, changes)
    SELECT id, version, 'IMPORTED', changes
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS entry(id uuid, version int, changes jsonb)`
  const occurredAt = new Date()
  const events = changes.map(({ id: filmId, version, before, after }) =>
    encodeEvent(filmChanged, { filmId, version, change: kindOf(before, after) }, { occurredAt }),
  )
  await announce(tx, events)
}

function kindOf(before: FilmContent | null, after: FilmContent) {
  if (before === null) return 'CREATED'
  if (before.status === after.status) return 'EDITED'
  return after.status === 'DRAFT' ? 'UNPUBLISHED' : after.status
}

const whereChanged = (changes: readonly FilmChange[], ...fields: (keyof FilmContent)[]) =>
  changes.filter(({ changes }) =>
    changes.some(({ field }) => fields.some((it) => field === it || field.startsWith(`${it}.`))),
  )

/** Those that may have rows in other tables already. */
const olderIds = (changes: readonly FilmChange[]) =>
  changes.filter(({ before }) => before !== null).map(({ id }) => id)

interface Texts {
  readonly title: Translations
  readonly description: Translations
  readonly tagline?: Translations
}

const textRows = (of: object, { title, description, tagline }: Texts) =>
  Object.values(Language)
    .filter((language) => title[language] !== undefined)
    .map((language) => ({
      ...of,
      language,
      title: title[language],
      description: description[language],
      tagline: tagline?.[language],
    }))
