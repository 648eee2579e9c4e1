import type { Likeness } from '../search-index.js'

export interface FilmCredit {
  readonly personId: string
  readonly role: string
}

/** What the likeness of films is made of. */
export interface Traits {
  readonly id: string
  readonly type: string
  readonly year: number | null
  readonly rating: number | null
  readonly genreIds: readonly string[]
  /** Of a film that is compared with seeds those of their credits that it has are enough. */
  readonly credits: readonly FilmCredit[]
}

/** By genre: 1 for the most common one, 1 more for each time that it is half as common. */
export type GenreWeights = ReadonlyMap<string, number>

const ROLES: Readonly<Record<string, number>> = {
  DIRECTOR: 3,
  WRITER: 2,
  ACTOR: 1.5,
  COMPOSER: 0.6,
  PRODUCER: 0.5,
}
const GENRES = 2.5
// these only decide between films that are alike
const SAME_TYPE = 0.2
const NEARNESS = 0.3
const YEARS_NEAR = 25
const RATING = 0.3

const roleWeight = (role: string): number => ROLES[role] ?? 0

interface Weighed {
  readonly weight: number
  readonly likeness: Likeness
}

/** A film that others are compared with, prepared once. */
export interface Seed {
  readonly id: string
  readonly type: string
  readonly year: number | null
  readonly roles: readonly { role: string; weight: number; credits: readonly FilmCredit[] }[]
  /** The rarest first. */
  readonly genres: readonly { id: string; weight: number }[]
}

export function seedOf({ credits, genreIds, ...film }: Traits, weights: GenreWeights): Seed {
  const { id, type, year } = film
  const roles = [...Map.groupBy(credits, ({ role }) => role)].map(([role, of]) => ({
    ...{ role, weight: roleWeight(role), credits: of },
  }))
  const genres = genreIds
    .map((genre) => ({ id: genre, weight: weights.get(genre) ?? 1 }))
    .toSorted((left, right) => right.weight - left.weight)
  return { id, type, year, roles, genres }
}

export interface Compared {
  /** Whole, of six digits, so that it is the same in all processes. */
  readonly score: number
  /** The most alike first. */
  readonly likeTo: readonly { readonly id: string; readonly likenesses: readonly Likeness[] }[]
}

/** How a film is like the seeds; undefined when it has nothing in common with any. Depends on these films and weights alone. */
export function compare(film: Traits, seeds: readonly Seed[]): Compared | undefined {
  const has = new Set(film.credits.map(keyOf))
  const alike = seeds.flatMap((seed) => {
    const weighed = [...creditLikenesses(has, seed), ...genreLikeness(film, seed)]
    if (weighed.length === 0) return []
    const strength = sum(weighed.map(({ weight }) => weight)) + closeness(film, seed)
    return [{ id: seed.id, strength, weighed }]
  })
  if (alike.length === 0) return undefined
  // squares, so that many seeds of a common genre do not outweigh one by the same director
  const together = Math.sqrt(sum(alike.map(({ strength }) => strength ** 2)))
  const rating = (RATING * Math.min(Math.max(film.rating ?? 0, 0), 10)) / 10
  const likeTo = alike
    .toSorted((left, right) => right.strength - left.strength || byId(left, right))
    .map(({ id, weighed }) => ({ id, likenesses: weightiestFirst(weighed) }))
  return { score: Math.round((together + rating) * 1e6), likeTo }
}

const weightiestFirst = (weighed: readonly Weighed[]): Likeness[] =>
  weighed.toSorted((left, right) => right.weight - left.weight).map(({ likeness }) => likeness)

export const byId = (left: { id: string }, right: { id: string }): number =>
  left.id < right.id ? -1 : left.id > right.id ? 1 : 0

/** How much a genre weighs that `films` have, where the most common one has `most`. */
export const genreWeight = (films: number, most: number): number =>
  Math.round((1 + Math.log2(Math.max(most, films, 1) / Math.max(films, 1))) * 1e3) / 1e3

/** The credits to look for others by, the weightiest first and each once. */
export const weightiestCredits = (credits: readonly FilmCredit[], most: number): FilmCredit[] =>
  credits
    .filter(({ role }) => roleWeight(role) > 0)
    .toSorted((left, right) => roleWeight(right.role) - roleWeight(left.role))
    .slice(0, most)

function creditLikenesses(has: ReadonlySet<string>, { roles }: Seed): Weighed[] {
  if (has.size === 0) return []
  return roles.flatMap(({ role, weight, credits }) => {
    const shared = credits.filter((it) => has.has(keyOf(it)))
    if (shared.length === 0 || weight === 0) return []
    const personIds = shared.map(({ personId }) => personId)
    const likeness = { of: 'CREDITS', role, personIds } as const
    return [{ weight: weight * Math.sqrt(shared.length / credits.length), likeness }]
  })
}

const keyOf = ({ personId, role }: FilmCredit) => `${personId}:${role}`

function genreLikeness(film: Traits, { genres }: Seed): Weighed[] {
  const shared = genres.filter(({ id }) => film.genreIds.includes(id))
  if (shared.length === 0) return []
  // of the weight of the seed's genres, less for a film that is many things besides; the 1 is for a seed that is of a common genre alone
  const share = weightOf(shared) / (1 + weightOf(genres))
  const weight = GENRES * share * Math.sqrt(shared.length / film.genreIds.length)
  const genreIds = shared.map(({ id }) => id)
  return [{ weight, likeness: { of: 'GENRES', genreIds, total: genres.length } }]
}

const weightOf = (genres: Seed['genres']) => sum(genres.map(({ weight }) => weight))

function closeness(film: Traits, seed: Seed): number {
  const type = film.type === seed.type ? SAME_TYPE : 0
  if (film.year === null || seed.year === null) return type
  return type + NEARNESS * Math.max(0, 1 - Math.abs(film.year - seed.year) / YEARS_NEAR)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, it) => total + it, 0)
