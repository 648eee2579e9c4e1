import type { Catalogue, Film } from '../../src/catalogue/fixtures.js'

/** How many items the short lists and the long ones have. */
export const SIZES = { short: 2, long: 20 } as const
export type Size = keyof typeof SIZES

/** Two of everything; of what is named `long`, many. */
export const countFor = (slug: string) => (slug === 'long' ? SIZES.long : SIZES.short)

export const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)

const OTHERS = 24
const slugsOf = (kind: string) => ['short', 'long', ...numbers(OTHERS).map((it) => `${kind}-${it}`)]
const textsOf = (slug: string) => ({ en: `Comet ${slug}`, ru: `Комета ${slug}` })

/** So that one person has many roles. */
const OTHER_ROLES = (['ACTOR', 'WRITER', 'PRODUCER', 'COMPOSER'] as const).map((role) => ({
  person: 'long',
  role,
}))

/** A genre and a person named `long` are of every film, those named `short` of two; a film of each name has as many. */
export const CATALOGUE = {
  genres: slugsOf('genre').map((slug) => ({
    slug,
    name: textsOf(slug),
    description: textsOf(slug),
  })),
  people: slugsOf('person').map((slug) => ({
    ...{ slug, name: textsOf(slug), biography: textsOf(slug) },
    ...{ birthDate: '1900-01-01', deathDate: null },
  })),
  films: [...slugsOf('film').map(filmOf), ...numbers(SIZES.long).map(looseFilm)],
} satisfies Catalogue

function filmOf(slug: string, number: number): Film {
  const shared = number < SIZES.short ? ['long', 'short'] : ['long']
  const own = (kind: string) =>
    numbers(countFor(slug)).map((it) => `${kind}-${(number + it) % OTHERS}`)
  const linksTo = (kind: string) => [...own(kind).slice(shared.length), ...shared]
  const texts = textsOf(slug)
  return {
    ...{ slug, type: 'TV_SHOW', title: texts, originalTitle: texts.en, originalLanguage: 'en' },
    ...{ description: texts, releaseDate: null, year: 1900 + number, runtimeMinutes: 90 },
    ...{ ageRating: 12, countries: ['FR'], externalRating: 7, creditsStartSec: null },
    genres: linksTo('genre'),
    credits: [
      ...linksTo('person').map((person) => ({ person, role: 'DIRECTOR' as const })),
      ...(slug === 'long' ? OTHER_ROLES : []),
    ],
  }
}

/** One that is like no other, so that nothing is missing where it is hidden. */
function looseFilm(number: number): Film {
  const texts = { en: `Loose ${number}`, ru: `Ничей ${number}` }
  const names = { slug: `loose-${number}`, title: texts, description: texts }
  return { ...filmOf('', 0), ...names, year: 1890, genres: [], credits: [] }
}
