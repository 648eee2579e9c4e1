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

export interface Compared {
  /** Whole, of six digits, so that it is the same in all processes. */
  readonly score: number
  /** The most alike first. */
  readonly likeTo: readonly { readonly id: string; readonly likenesses: readonly Likeness[] }[]
}

/** How a film is like the seeds; undefined when it has nothing in common with any. Depends on these films and weights alone. */
export function compare(
  film: Traits,
  seeds: readonly Traits[],
  weights: GenreWeights,
): Compared | undefined {
  const alike = seeds
    .map((seed) => ({ seed, weighed: likenessesOf(film, seed, weights) }))
    .filter(({ weighed }) => weighed.length > 0)
    .map(({ seed, weighed }) => ({
      id: seed.id,
      strength: sum(weighed.map(({ weight }) => weight)) + closeness(film, seed),
      likenesses: weighed.map(({ likeness }) => likeness),
    }))
  if (alike.length === 0) return undefined
  // squares, so that many seeds of a common genre do not outweigh one by the same director
  const together = Math.sqrt(sum(alike.map(({ strength }) => strength ** 2)))
  const rating = (RATING * Math.min(Math.max(film.rating ?? 0, 0), 10)) / 10
  const likeTo = alike
    .toSorted((left, right) => right.strength - left.strength || byId(left, right))
    .map(({ id, likenesses }) => ({ id, likenesses }))
  return { score: Math.round((together + rating) * 1e6), likeTo }
}

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

/** The weightiest first. */
function likenessesOf(film: Traits, seed: Traits, weights: GenreWeights): Weighed[] {
  const found = [...creditLikenesses(film, seed), genreLikeness(film, seed, weights)]
  return found
    .filter((it) => it !== undefined)
    .toSorted((left, right) => right.weight - left.weight)
}

function creditLikenesses(film: Traits, seed: Traits): Weighed[] {
  const has = new Set(film.credits.map(keyOf))
  const byRole = Map.groupBy(seed.credits, ({ role }) => role)
  return [...byRole].flatMap(([role, credits]) => {
    const shared = credits.filter((it) => has.has(keyOf(it)))
    const weight = roleWeight(role) * Math.sqrt(shared.length / credits.length)
    const personIds = shared.map(({ personId }) => personId)
    return weight > 0 ? [{ weight, likeness: { of: 'CREDITS', role, personIds } as const }] : []
  })
}

const keyOf = ({ personId, role }: FilmCredit) => `${personId}:${role}`

function genreLikeness(film: Traits, seed: Traits, weights: GenreWeights): Weighed | undefined {
  const weightOf = (id: string) => weights.get(id) ?? 1
  const shared = seed.genreIds
    .filter((id) => film.genreIds.includes(id))
    .toSorted((left, right) => weightOf(right) - weightOf(left))
  if (shared.length === 0) return undefined
  const total = seed.genreIds.length
  // of the weight of the seed's genres, less for a film that is many things besides; the 1 is for a seed that is of a common genre alone
  const share = sum(shared.map(weightOf)) / (1 + sum(seed.genreIds.map(weightOf)))
  const weight = GENRES * share * Math.sqrt(shared.length / film.genreIds.length)
  return { weight, likeness: { of: 'GENRES', genreIds: shared, total } }
}

function closeness(film: Traits, seed: Traits): number {
  const type = film.type === seed.type ? SAME_TYPE : 0
  if (film.year === null || seed.year === null) return type
  return type + NEARNESS * Math.max(0, 1 - Math.abs(film.year - seed.year) / YEARS_NEAR)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, it) => total + it, 0)
