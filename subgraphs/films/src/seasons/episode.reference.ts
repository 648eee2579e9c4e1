import type { FilmsContext } from '../context.js'
import type { EpisodeRecord } from './season.record.js'

/** Null for an episode that is absent, or of a film that is hidden from the viewer. */
export async function resolveEpisodeReference(
  { id }: { id: string },
  { loaders }: FilmsContext,
): Promise<EpisodeRecord | null> {
  const episode = await loaders.episode.load(id)
  return episode && (await loaders.film.load(episode.filmId)) && episode
}
