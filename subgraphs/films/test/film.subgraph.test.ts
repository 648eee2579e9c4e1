import { randomUUID } from 'node:crypto'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Films, openFilms } from './films.js'

const ONE = /* GraphQL */ `
  query ($id: ID, $slug: String) {
    film(id: $id, slug: $slug) {
      id
      slug
      type
      title
      titleRu: title(language: RU)
      originalTitle
      originalLanguage
      description
      descriptionRu: description(language: RU)
      tagline
      releaseDate
      releaseYear
      runtimeMinutes
      ageRating
      countries
      externalRating
      creditsStartSec
      requiredRole
      visible
    }
  }
`

const REFERENCES = /* GraphQL */ `
  query ($films: [_Any!]!) {
    _entities(representations: $films) {
      ... on Film {
        id
        visible
      }
    }
  }
`

let films: Films
let metropolis: string
let bare: string
let hidden: string
beforeAll(async () => {
  films = await openFilms()
  metropolis = await films.seed.film({
    slug: 'metropolis-1927',
    title: { en: 'Metropolis', ru: 'Метрополис' },
    description: { en: 'A city of two levels.' },
    tagline: { en: 'There can be no understanding between the hands and the brain.' },
    originalLanguage: 'de',
    releaseDate: '1927-01-10',
    runtimeMinutes: 153,
    countries: ['DE'],
    externalRating: 8.3,
    creditsStartSec: 9_100,
    requiredRole: 'subscriber',
  })
  bare = await films.seed.film({ title: { ru: 'Безымянный' }, originalTitle: 'Sans nom' })
  hidden = await films.seed.film({
    slug: 'hidden',
    requiredRole: 'subscriber',
    hiddenWithoutRole: true,
  })
})

type One = { film: Record<string, unknown> | null }
const one = (variables: Readonly<Record<string, unknown>>, as = asUser()) =>
  execute<One>(films.subgraph, { query: ONE, variables, as })

describe('film', () => {
  it('is found by id, with every field', async () => {
    expect(expectData(await one({ id: metropolis })).film).toEqual({
      id: metropolis,
      slug: 'metropolis-1927',
      type: 'MOVIE',
      title: 'Metropolis',
      titleRu: 'Метрополис',
      originalTitle: 'Metropolis',
      originalLanguage: 'de',
      description: 'A city of two levels.',
      descriptionRu: 'A city of two levels.',
      tagline: 'There can be no understanding between the hands and the brain.',
      releaseDate: '1927-01-10',
      releaseYear: 1927,
      runtimeMinutes: 153,
      ageRating: 12,
      countries: ['DE'],
      externalRating: 8.3,
      creditsStartSec: 9_100,
      requiredRole: 'subscriber',
      visible: true,
    })
  })

  it('is found by slug', async () => {
    expect(expectData(await one({ slug: 'metropolis-1927' })).film).toMatchObject({
      id: metropolis,
    })
  })

  it('may lack whatever can be unknown', async () => {
    expect(expectData(await one({ id: bare })).film).toMatchObject({
      title: 'Безымянный',
      originalTitle: 'Sans nom',
      description: null,
      tagline: null,
      releaseDate: null,
      releaseYear: null,
      runtimeMinutes: null,
      externalRating: null,
      creditsStartSec: null,
      requiredRole: null,
    })
  })

  it.each([
    ['an unknown id', { id: randomUUID() }],
    ['an unknown slug', { slug: 'nothing' }],
    ['no id at all', { id: "1'; DROP TABLE film" }],
    ['a slug that no database can hold', { slug: 'nul\u0000' }],
  ])('is null for %s', async (_, variables) => {
    expect(expectData(await one(variables)).film).toBeNull()
  })

  it.each([
    ['neither id nor slug', {}],
    ['both', { id: randomUUID(), slug: 'x' }],
  ])('refuses %s', async (_, variables) => {
    expect(expectError(await one(variables))).toMatchObject({
      message: 'Give either id or slug.',
      path: ['film'],
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('is seen when it is published, though its absence was cached', async () => {
    const id = randomUUID()
    expect(expectData(await one({ id })).film).toBeNull()
    await films.seed.film({ id })
    await films.cache.purge([`film:${id}`])
    expect(expectData(await one({ id })).film).toMatchObject({ id })
  })
})

describe('a reference to a film', () => {
  const resolve = (ids: readonly string[], as = asUser()) =>
    execute(films.subgraph, {
      query: REFERENCES,
      variables: { films: ids.map((id) => ({ __typename: 'Film', id })) },
      as,
    })

  it('is null for a film that is absent or hidden, and in its place otherwise', async () => {
    const answer = await resolve([hidden, bare, randomUUID(), metropolis, 'no-id', bare])
    expect(expectData(answer)).toEqual({
      _entities: [
        null,
        { id: bare, visible: true },
        null,
        { id: metropolis, visible: true },
        null,
        { id: bare, visible: true },
      ],
    })
  })

  it('leads a viewer with the role to a hidden film', async () => {
    const answer = await resolve([hidden], asUser({ roles: ['subscriber'] }))
    expect(expectData(answer)).toEqual({ _entities: [{ id: hidden, visible: true }] })
  })

  it('takes the same statements for many as for one', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => films.seed.film()))
    const editor = asUser({ permissions: ['films:read-hidden'] })
    const count = (some: string[]) => films.countStatements(() => resolve(some, editor))
    expect(await count(ids)).toBe(await count(ids.slice(0, 1)))
  })
})
