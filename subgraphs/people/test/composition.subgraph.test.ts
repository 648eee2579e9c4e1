import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { composeServices } from '@apollo/composition'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { Kind, parse } from 'graphql'
import { beforeAll, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

let people: People
beforeAll(async () => {
  people = await openPeople()
})

const committed = (name: string) =>
  readFile(path.resolve(import.meta.dirname, `../../${name}/schema.graphql`), 'utf8')

const composeWithFilms = async () =>
  composeServices([
    { name: 'films', url: 'http://films.test', typeDefs: parse(await committed('films')) },
    { name: 'people', url: 'http://people.test', typeDefs: parse(people.subgraph.sdl) },
  ])

it('has the schema that is committed', async () => {
  expect(people.subgraph.sdl).toBe(await committed('people'))
})

it('has mutations, and a film of its links, that are null without making all else null', () => {
  const types = parse(people.subgraph.sdl).definitions.flatMap((it) =>
    it.kind === Kind.OBJECT_TYPE_DEFINITION || it.kind === Kind.OBJECT_TYPE_EXTENSION ? [it] : [],
  )
  const nonNull = types.flatMap(({ name, fields = [] }) =>
    fields
      .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
      .map((field) => `${name.value}.${field.name.value}`),
  )
  expect(nonNull).toContain('FilmLinks.version')
  expect(nonNull.filter((it) => it.startsWith('Mutation.') || it === 'FilmLinks.film')).toEqual([])
})

it('fits to films without a hint', async () => {
  const { errors, hints } = await composeWithFilms()
  expect(errors ?? []).toEqual([])
  // the enum of @cacheControl, which no field returns; `npm run compose` takes it out beforehand
  const others = hints?.map(String).filter((it) => !it.includes('"CacheControlScope"'))
  expect(others).toEqual([])
})

it('gives films their credits, and keeps `visible` from clients', async () => {
  const { supergraphSdl } = await composeWithFilms()
  // those of the planner alone lack authorization
  const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES
  const supergraph = Supergraph.build(supergraphSdl!, { supportedFeatures })
  const api = supergraph.apiSchema().toGraphQLJSSchema()
  const film = api.getType('Film')
  const fields = film && 'getFields' in film ? Object.keys(film.getFields()) : []
  expect(fields).toEqual(expect.arrayContaining(['credits', 'directors', 'genres', 'title']))
  expect(fields).not.toContain('visible')
})
