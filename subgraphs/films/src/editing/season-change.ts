import { randomUUID } from 'node:crypto'
import { AppError } from '@cinegraph/kit/errors'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { creditsProblem, NEEDS_TITLE, untitled, withoutAbsent, withTexts } from './film-change.js'
import type { EpisodeState, FilmState, SeasonState } from './film-state.js'
import { type EpisodeChange, FILM_LIMITS, type SeasonChange } from './film.rules.js'

const NEW_SEASON = { releaseDate: null, title: {}, description: {}, episodes: {} } as const
const NEW_EPISODE = {
  releaseDate: null,
  runtimeMinutes: null,
  creditsStartSec: null,
  title: {},
  description: {},
} as const

/** The film with this season and exactly these episodes of it. Throws BAD_USER_INPUT, and CONFLICT for a movie. */
export function withSeason(film: FilmState, change: SeasonChange): FilmState {
  if (film.type === 'MOVIE') throw new AppError('CONFLICT', 'A movie has no seasons.')
  const { number, translations, releaseDate, episodes } = change
  const before = film.seasons[number] ?? { ...NEW_SEASON, id: randomUUID() }
  const season = {
    ...before,
    ...withoutAbsent({ releaseDate }),
    ...withTexts(before, translations),
    episodes: episodesOf(before, episodes),
  }
  // in the order in which they were sent, so that a problem is told where the client looks for it
  const inOrder = episodes.map((it) => season.episodes[it.number]!)
  validate(coherent, { ...season, episodes: inOrder }, 'season')
  const seasons = { ...film.seasons, [number]: season }
  requireFew(seasons)
  return { ...film, seasons }
}

/** Throws NOT_FOUND when there is no such season. */
export function withoutSeason(film: FilmState, number: number): FilmState {
  const { [number]: season, ...seasons } = film.seasons
  if (season) return { ...film, seasons }
  throw new AppError('NOT_FOUND', 'The film has no such season.', { argument: ['number'] })
}

/** An episode is known by its id, and without one by its number, unless the one with that number was given another. */
function episodesOf(
  { episodes }: SeasonState,
  changes: readonly EpisodeChange[],
): SeasonState['episodes'] {
  const byId = new Map(Object.values(episodes).map((episode) => [episode.id, episode]))
  const named = new Set(changes.map(({ id }) => id))
  const known = ({ id, number }: EpisodeChange, index: number): EpisodeState => {
    if (id != null) return byId.get(id) ?? strange(index)
    const there = episodes[number]
    return there && !named.has(there.id) ? there : { ...NEW_EPISODE, id: randomUUID() }
  }
  const changed = changes.map((change, index): [number, EpisodeState] => {
    const { id: _, number, translations, ...fields } = change
    const before = known(change, index)
    return [number, { ...before, ...withoutAbsent(fields), ...withTexts(before, translations) }]
  })
  return Object.fromEntries(changed)
}

/** All of them are read and compared at once. */
function requireFew(seasons: FilmState['seasons']): void {
  const counts = Object.values(seasons).map(({ episodes }) => Object.keys(episodes).length)
  if (counts.reduce((sum, count) => sum + count, 0) <= FILM_LIMITS.episodesOfFilm) return
  const argument = ['season', 'episodes']
  const message = `${argument.join('.')}: the seasons of a film must have at most ${FILM_LIMITS.episodesOfFilm} episodes together`
  throw new AppError('BAD_USER_INPUT', message, { argument })
}

function strange(index: number): never {
  const argument = ['season', 'episodes', index, 'id']
  const message = `${argument.join('.')}: is no episode of this season`
  throw new AppError('BAD_USER_INPUT', message, { argument })
}

const titled = z
  .custom<Pick<SeasonState, 'title' | 'description'>>()
  .superRefine(({ title, description }, context) => {
    for (const language of untitled({ title, description })) {
      context.addIssue({ code: 'custom', path: ['translations', language], message: NEEDS_TITLE })
    }
  })
const timed = z.custom<EpisodeState>().superRefine((episode, context) => {
  const message = creditsProblem(episode)
  if (message) context.addIssue({ code: 'custom', path: ['creditsStartSec'], message })
})
const coherent = titled.and(z.object({ episodes: z.array(titled.and(timed)) }))
