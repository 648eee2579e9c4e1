import DataLoader from 'dataloader'
import { parseId } from '@cinegraph/kit/lookup'
import type { EpisodeRecord, SeasonRecord } from './season.record.js'
import type { SeasonRepository } from './season.repository.js'

export interface SeasonLoaders {
  /** The seasons of a film by number. */
  readonly seasons: DataLoader<string, readonly SeasonRecord[]>
  /** The episodes of all seasons of a film, in the order in which they are watched. */
  readonly episodes: DataLoader<string, readonly EpisodeRecord[]>
  /** An episode by its id, whoever may see it; null where there is none. */
  readonly episode: DataLoader<string, EpisodeRecord | null>
}

/** These know nothing of viewers: whoever takes from them asks for the film first. */
export const createSeasonLoaders = (repository: SeasonRepository): SeasonLoaders => ({
  seasons: byFilm((ids) => repository.seasonsOf(ids)),
  episodes: byFilm((ids) => repository.episodesOf(ids)),
  episode: new DataLoader(async (given) => {
    const ids = given.map(parseId)
    const rows = await repository.episodesByIds(ids.filter((id) => id !== undefined))
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => (id === undefined ? null : (byId.get(id) ?? null)))
  }),
})

const byFilm = <T extends { readonly filmId: string }>(
  read: (filmIds: readonly string[]) => Promise<T[]>,
): DataLoader<string, readonly T[]> =>
  new DataLoader(async (ids) => {
    const rows = Map.groupBy(await read(ids), ({ filmId }) => filmId)
    return ids.map((id) => rows.get(id) ?? [])
  })
