import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  buildSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { stableId } from '../src/catalogue/stable-id.js'
import { ROOT } from '../src/paths.js'
import { copyFilm } from './film-copies.js'
import { startCinegraph } from './harness.js'

const SECRET = 'Zyxwvut Unreleased'
const PERSON = 'fritz-lang'
const GENRE = 'drama'
const HIDDEN = { slug: 'hidden-film', id: stableId('film', 'hidden-film') }
const DELETED = { slug: 'deleted-film', id: stableId('film', 'deleted-film') }
const OTHER = 'metropolis-1927'
const OTHER_ID = stableId('film', OTHER)

// a version that nobody saw: such an edit ends in a conflict, which shows the film, and changes nothing
const UNSEEN = `id: "${HIDDEN.id}", version: 0,`
const UNSEEN_SERIES = `filmId: "${HIDDEN.id}", version: 0,`
// links that nobody has ever set have version 0
const UNSEEN_LINKS = `filmId: "${HIDDEN.id}", version: 99,`

/** Arguments with which each field leads, or would lead, to the hidden film; it is asked once with each. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'Query.film': [`(id: "${HIDDEN.id}")`],
  'Query.films': ['(first: 100, sort: { field: TITLE, direction: DESC })'],
  'Query.searchFilms': [`(text: "${SECRET}")`],
  'Query.suggest': ['(prefix: "Zyxwv")', '(prefix: "Fritz La")', '(prefix: "Drama")'],
  'Query.recommendedFilms': [
    `(basedOn: ["${OTHER_ID}"], first: 3)`,
    `(basedOn: ["${HIDDEN.id}", "${DELETED.id}"], first: 3)`,
  ],
  'Query.person': [`(slug: "${PERSON}")`],
  'Query.persons': ['(text: "Fritz Lang")'],
  'Query.genre': [`(slug: "${GENRE}")`],
  'Query.genres': ['(first: 100, sort: FILM_COUNT)'],
  'Person.films': ['(first: 100)'],
  'Genre.films': ['(first: 100)'],
  'Mutation.updateFilm': [`(${UNSEEN} input: { ageRating: 3 })`],
  'Mutation.publishFilm': [`(${UNSEEN})`],
  'Mutation.scheduleFilm': [`(${UNSEEN} publishAt: "2031-01-01T00:00:00Z")`],
  'Mutation.unpublishFilm': [`(${UNSEEN})`],
  'Mutation.archiveFilm': [`(${UNSEEN})`],
  'Mutation.restoreFilm': [`(${UNSEEN})`, `(id: "${DELETED.id}", version: 0)`],
  'Mutation.deleteFilm': [`(${UNSEEN})`],
  'Mutation.saveSeason': [`(${UNSEEN_SERIES} season: { number: 1, episodes: [] })`],
  'Mutation.deleteSeason': [`(${UNSEEN_SERIES} number: 1)`],
  'Mutation.setFilmLinks': [`(${UNSEEN_LINKS} input: { genreIds: [] })`],
  'Mutation.editFilms': [`(edits: [{ ${UNSEEN} action: PUBLISH }])`],
}
/** Mutations that show films, but none that was there before. */
const NO_WAY = ['Mutation.createFilm']
const LEAVES = 'id title slug originalTitle description visibleTitle: title(language: RU)'

const schema = buildSchema(await readFile(path.join(ROOT, 'gateway/api-schema.graphql'), 'utf8'))
const operations = [...pathsToFilms(schema), pathThroughAFilm(), pathToSimilarFilms()]

describe('a film that nobody but editors may see', () => {
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  let editor: string
  let admin: string
  let viewer: string

  beforeAll(async () => {
    cinegraph = await startCinegraph()
    editor = await cinegraph.tokenOf('editor')
    admin = await cinegraph.tokenOf('admin')
    viewer = await cinegraph.tokenOf('viewer')
    // the editor is to have it recommended
    const users = await Promise.all([admin, viewer].map(idOf))
    // with its genres and credits: a draft with an episode, which some do not want recommended, and one that was deleted
    const hiddenBy = { create: users.map((userId) => ({ userId })) }
    const episodes = { create: { id: randomUUID(), number: 1 } }
    const seasons = { create: { id: randomUUID(), number: 1, episodes } }
    const draft = { type: 'TV_SHOW', status: 'DRAFT', seasons, hiddenBy } as const
    await copyFilm(cinegraph, OTHER, [
      { slug: HIDDEN.slug, title: SECRET, state: draft },
      { slug: DELETED.slug, title: SECRET, state: { deletedAt: new Date() } },
    ])
  })

  async function idOf(token: string): Promise<string> {
    const { me } = await cinegraph.data({ query: '{ me { id } }', token })
    return (me as { id: string }).id
  }

  test('can be reached by every field that returns films', () => {
    const fields = new Set(operations.flatMap((it) => it.fields))
    const returning = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => filmsIn(getNamedType(field.type)))
      .map(({ type, field }) => `${type.name}.${field.name}`)
    expect(returning.filter((name) => !fields.has(name)).sort()).toEqual(NO_WAY)
  })

  test.each(operations)('$name shows it to editors alone', async ({ query }) => {
    const asking = [editor, admin].map((token) => cinegraph.ask({ query, token }))
    expect(JSON.stringify(await Promise.all(asking))).toContain(SECRET)
    for (const token of [undefined, viewer]) {
      const answer = JSON.stringify(await cinegraph.ask({ query, ...(token && { token }) }))
      expect(answer).not.toContain(SECRET)
      for (const { id, slug } of [HIDDEN, DELETED]) {
        expect(answer).not.toContain(id)
        expect(answer).not.toContain(slug)
      }
    }
  })

  test('still has the version that it had', async () => {
    const query = `{ film(id: "${HIDDEN.id}") { version status } }`
    const { film } = await cinegraph.data({ query, token: editor })
    expect(film).toEqual({ version: 1, status: 'DRAFT' })
  })

  test('is in no count and no facet of anyone else', async () => {
    const query = `{
      films { totalCount }
      searchFilms(text: "", filter: { yearFrom: 1927, yearTo: 1927 }) {
        totalCount facets(names: [TYPE]) { buckets { count } }
      }
      genre(slug: "${GENRE}") { filmCount films { totalCount } }
      person(slug: "${PERSON}") { filmCount films { totalCount } }
    }`
    const numbers = async (token?: string) => {
      const answer = JSON.stringify(await cinegraph.data({ query, ...(token && { token }) }))
      const counts = (of: RegExp) => [...answer.matchAll(of)].map((it) => Number(it[1]))
      const inFacet = counts(/"count":(\d+)/g).reduce((sum, count) => sum + count, 0)
      return [...counts(/Count":(\d+)/g), inFacet]
    }
    const all = await numbers(editor)
    expect(all.length).toBeGreaterThan(5)
    // every one of them counts the hidden film, but only for those who may see it
    expect(await numbers()).toEqual(all.map((count) => count - 1))
    expect(await numbers(viewer)).toEqual(await numbers())
  })
})

interface Operation {
  name: string
  query: string
  fields: string[]
}

interface Step {
  on: string
  name: string
  select: (inner: string) => string
}

/**
 * One operation per way from Query to a film on which no type comes twice, and from a mutation of films. Throws for a field
 * without its arguments.
 */
function pathsToFilms(of: GraphQLSchema): Operation[] {
  const found: Operation[] = []
  const walk = (type: GraphQLNamedType, steps: readonly Step[]) => {
    if (type.name === 'Film') found.push(operationOf(steps))
    else for (const [target, step] of stepsFrom(type, steps)) walk(target, [...steps, step])
  }
  walk(of.getQueryType()!, [])
  walkMutations(of.getMutationType()!, [])
  return found

  /** To films right below a result; further down it is the same as from Query. What comes of an edit that was done is left out. */
  function walkMutations(type: GraphQLNamedType, steps: readonly Step[]) {
    for (const [target, step] of stepsFrom(type, steps)) {
      if (isUnionType(type) && !target.name.endsWith('Conflict')) continue
      const way = [...steps, step]
      const fields = way.filter(({ on }) => !isUnionType(of.getType(on)))
      if (target.name !== 'Film' && fields.length <= 2) walkMutations(target, way)
      else if (target.name === 'Film' && way.length > 1) found.push(operationOf(way))
    }
  }
}

/** `Episode.film` and its neighbours: the way there is by way of a film. */
function pathThroughAFilm(): Operation {
  const film = `film { ${LEAVES} }`
  const fields = ['Film.seasons', 'Season.episodes', 'Episode.film']
  const query = `{ film(id: "${HIDDEN.id}") { seasons { episodes { ${film} next { id } } } } }`
  return { name: fields.join(' > '), fields, query }
}

/** `Film.similar` is another way from a film to films. */
function pathToSimilarFilms(): Operation {
  const fields = ['Film.similar', 'RecommendationConnection.edges', 'RecommendationEdge.node']
  const query = `{ film(slug: "${OTHER}") { similar { edges { node { ${LEAVES} } } } } }`
  return { name: fields.join(' > '), fields, query }
}

function operationOf(steps: readonly Step[]): Operation {
  const fields = steps.map((it) => it.name)
  const body = steps.reduceRight((inner, { select }) => select(inner), LEAVES)
  const operation = steps[0]!.on.toLowerCase()
  return { name: fields.join(' > '), fields, query: `${operation} { ${body} }` }
}

function stepsFrom(type: GraphQLNamedType, before: readonly Step[]): [GraphQLNamedType, Step][] {
  const on = type.name
  if (before.some((it) => it.on === on)) return []
  if (isUnionType(type)) {
    return type.getTypes().map((member) => {
      const select = (inner: string) => `... on ${member.name} { ${inner} }`
      return [member, { on, name: `${on}.${member.name}`, select }]
    })
  }
  if (!isObjectType(type)) return []
  return Object.values(type.getFields())
    .filter((field) => isCompositeType(getNamedType(field.type)))
    .map((field) => {
      const name = `${on}.${field.name}`
      const select = (inner: string) =>
        callsOf(name, field)
          .map((call) => `${call} { ${inner} }`)
          .join(' ')
      return [getNamedType(field.type), { on, name, select }]
    })
}

function callsOf(name: string, field: GraphQLField<unknown, unknown>): string[] {
  const given = ARGUMENTS[name]
  if (given === undefined && field.args.some(isRequiredArgument)) {
    throw new Error(`this test needs arguments for the new field ${name}`)
  }
  return (given ?? ['']).map((args, index) => `call${index}: ${field.name}${args}`)
}

const filmsIn = (type: GraphQLNamedType): boolean =>
  type.name === 'Film' || (isUnionType(type) && type.getTypes().some((it) => it.name === 'Film'))
