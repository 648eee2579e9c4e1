import DataLoader from 'dataloader'
import { parseId } from '@cinegraph/kit/lookup'
import { FilmEpisodes } from './film-episodes.js'
import type { EpisodeRecord, SeasonRecord } from './season.record.js'
import type { SeasonRepository } from './season.repository.js'

export interface SeasonLoaders {
  /** The seasons of a film by number. */
  readonly seasons: DataLoader<string, readonly SeasonRecord[]>
  /** The episodes of all seasons of a film. */
  readonly episodes: DataLoader<string, FilmEpisodes>
  /** An episode by its id, whoever may see it; null where there is none. */
  readonly episode: DataLoader<string, EpisodeRecord | null>
}

/** These know nothing of viewers: whoever takes from them asks for the film first. */
export const createSeasonLoaders = (repository: SeasonRepository): SeasonLoaders => ({
  seasons: byFilm(
    (ids) => repository.seasonsOf(ids),
    (rows) => rows,
  ),
  episodes: byFilm(
    (ids) => repository.episodesOf(ids),
    (rows) => new FilmEpisodes(rows),
  ),
  episode: new DataLoader(async (given) => {
    const ids = given.map(parseId)
    const rows = await repository.episodesByIds(ids.filter((id) => id !== undefined))
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => (id === undefined ? null : (byId.get(id) ?? null)))
  }),
})

const byFilm = <T extends { readonly filmId: string }, R>(
  read: (filmIds: readonly string[]) => Promise<T[]>,
  of: (rows: readonly T[]) => R,
): DataLoader<string, R> =>
  new DataLoader(async (ids) => {
    const rows = Map.groupBy(await read(ids), ({ filmId }) => filmId)
    return ids.map((id) => of(rows.get(id) ?? []))
  })
