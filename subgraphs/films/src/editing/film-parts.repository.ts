import { isDeepStrictEqual } from 'node:util'
import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { Language, type Translations } from '@cinegraph/kit/language'
import { EPISODE_COLUMNS, partOf, SEASON_COLUMNS } from '../seasons/season.repository.js'
import type { EpisodeState, FilmState, SeasonState } from './film-state.js'
import { lockValues } from './lock-values.repository.js'
import { ValueTaken } from './value-taken.js'

export type PartModels = Pick<
  PrismaClient,
  | 'filmTranslation'
  | 'filmExternalId'
  | 'season'
  | 'seasonTranslation'
  | 'episode'
  | 'episodeTranslation'
  | '$executeRaw'
>

/** What belongs to a film besides its row and its texts. One after the other: a transaction has one connection. */
export async function readParts(
  db: PartModels,
  filmId: string,
): Promise<Pick<FilmState, 'externalIds' | 'seasons'>> {
  const externalIds = await db.filmExternalId.findMany({
    where: { filmId },
    select: { source: true, value: true },
  })
  const seasons = await db.season.findMany({
    where: { filmId },
    select: { ...SEASON_COLUMNS, id: true },
  })
  const rows = await db.episode.findMany({
    where: { season: { filmId } },
    select: { ...EPISODE_COLUMNS, seasonId: true },
  })
  const episodes = Map.groupBy(rows, ({ seasonId }) => seasonId)
  return {
    externalIds: Object.fromEntries(externalIds.map(({ source, value }) => [source, value])),
    seasons: byNumber(
      seasons.map((season) => ({
        ...partOf(season),
        episodes: byNumber(
          (episodes.get(season.id) ?? []).map(({ seasonId: _, ...row }) => partOf(row)),
        ),
      })),
    ),
  }
}

const byNumber = <R extends { number: number }>(rows: readonly R[]) =>
  Object.fromEntries(rows.map(({ number, ...row }) => [number, row] as const))

interface Edit {
  /** Undefined for a film that is new. */
  readonly before?: FilmState
  readonly after: FilmState
}

/**
 * Writes what belongs to a film besides its row, where it differs. A part that differs is deleted and made again under its
 * own ids, so that episodes can change places. Throws ValueTaken for an external id of another film.
 */
export async function writeParts(db: PartModels, filmId: string, edit: Edit): Promise<void> {
  await writeTexts(db, filmId, edit)
  await writeExternalIds(db, filmId, edit)
  await writeSeasons(db, filmId, edit)
}

async function writeTexts(db: PartModels, filmId: string, { before, after }: Edit) {
  const rows = textRows(after)
  if (before && isDeepStrictEqual(textRows(before), rows)) return
  await db.filmTranslation.deleteMany({ where: { filmId } })
  await db.filmTranslation.createMany({ data: rows.map((row) => ({ ...row, filmId })) })
}

async function writeExternalIds(db: PartModels, filmId: string, { before, after }: Edit) {
  const was = before?.externalIds ?? {}
  if (isDeepStrictEqual(was, after.externalIds)) return
  const entries = Object.entries(after.externalIds)
  await lockValues(
    db,
    [...Object.entries(was), ...entries].map((it) => it.join(' ')),
  )
  await db.filmExternalId.deleteMany({ where: { filmId } })
  const written = await db.filmExternalId.createManyAndReturn({
    data: entries.map(([source, value]) => ({ filmId, source, value })),
    skipDuplicates: true,
    select: { source: true },
  })
  const sources = new Set(written.map(({ source }) => source))
  // they are in the order in which the client gave them
  for (const [index, [source, value]] of entries.entries()) {
    if (!sources.has(source)) throw new ValueTaken({ source, value }, ['externalIds', index])
  }
}

async function writeSeasons(db: PartModels, filmId: string, { before, after }: Edit) {
  const was = before?.seasons ?? {}
  const differs = (number: string) =>
    !isDeepStrictEqual(was[Number(number)], after.seasons[Number(number)])
  const gone = Object.keys(was).filter(differs).map(Number)
  const made = Object.entries(after.seasons).filter(([number]) => differs(number))
  if (gone.length > 0) {
    await db.season.deleteMany({ where: { filmId, number: { in: gone } } })
  }
  for (const [number, season] of made) {
    await makeSeason(db, { filmId, number: Number(number) }, season)
  }
}

async function makeSeason(
  db: PartModels,
  place: { filmId: string; number: number },
  { id: seasonId, releaseDate, episodes: byNumber, ...texts }: SeasonState,
) {
  const episodes = Object.entries(byNumber)
  await db.season.create({
    data: { ...place, id: seasonId, releaseDate: dateOf(releaseDate) },
    select: { id: true },
  })
  await db.seasonTranslation.createMany({
    data: textRows(texts).map((row) => ({ ...row, seasonId })),
  })
  await db.episode.createMany({
    data: episodes.map(([number, episode]) => ({
      ...columnsOf(episode),
      seasonId,
      number: Number(number),
    })),
  })
  await db.episodeTranslation.createMany({
    data: episodes.flatMap(([, episode]) =>
      textRows({ title: episode.title, description: episode.description }).map((row) => ({
        ...row,
        episodeId: episode.id,
      })),
    ),
  })
}

const columnsOf = ({ title: _, description: __, releaseDate, ...columns }: EpisodeState) => ({
  ...columns,
  releaseDate: dateOf(releaseDate),
})

const dateOf = (date: string | null) => (date === null ? null : new Date(date))

interface Texts {
  readonly title: Translations
  readonly description: Translations
  readonly tagline?: Translations
}

/** One for each language that has a title. */
const textRows = ({ title, description, tagline }: Texts) =>
  Object.values(Language).flatMap((language) => {
    const name = title[language]
    if (name === undefined) return []
    const row = { language, title: name, description: description[language] ?? null }
    return [tagline ? { ...row, tagline: tagline[language] ?? null } : row]
  })
