import { createUnionType, Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { beforeAll, expect, it } from 'vitest'
import { collectLog } from '../../test/collect-log.js'
import { AppError } from '../errors.js'
import { ANONYMOUS } from '../identity.js'
import { CacheControl } from './cache-control.js'
import { connectionOf } from './pagination.js'
import { createSubgraph, type Subgraph } from './subgraph.js'

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType()
class Poster {
  @Field(() => ID)
  id = '1'

  @Field(() => String)
  title = 'Metropolis'

  @CacheControl({ scope: 'PRIVATE' })
  @Field(() => String)
  note = 'mine'

  @CacheControl({ maxAge: 5 })
  @Field(() => Number)
  likes = 3

  @Field(() => String, { nullable: true })
  torn(): string {
    throw new AppError('NOT_FOUND', 'It is torn.')
  }
}

@Directive('@key(fields: "id")')
@CacheControl({ scope: 'PRIVATE' })
@ObjectType()
class Ticket {
  @Field(() => ID)
  id = '2'
}

@ObjectType()
class Untold {
  @Field(() => ID)
  id = '3'
}

const PosterConnection = connectionOf<Poster>(() => Poster, 'Poster')
const TicketConnection = connectionOf<Ticket>(() => Ticket, 'Ticket', {
  cacheHint: { scope: 'PRIVATE' },
})
const Either = createUnionType({
  name: 'Either',
  types: () => [Poster, Ticket] as const,
  resolveType: () => Poster,
})

const page = <T>(node: T) => ({
  edges: [{ node, cursor: 'a' }],
  hasNextPage: false,
  hasPreviousPage: false,
  count: async () => 1,
})

@Resolver()
class PosterResolver {
  @Query(() => Poster)
  poster() {
    return new Poster()
  }

  @CacheControl({ maxAge: 60 })
  @Query(() => PosterConnection)
  posters() {
    return PosterConnection.from(page(new Poster()))
  }

  @Query(() => PosterConnection)
  unhintedPosters() {
    return PosterConnection.from(page(new Poster()))
  }

  @CacheControl({ maxAge: 60 })
  @Query(() => TicketConnection)
  tickets() {
    return TicketConnection.from(page(new Ticket()))
  }

  @Query(() => Untold)
  untold() {
    return new Untold()
  }

  @Query(() => Either)
  either() {
    return new Poster()
  }

  @Query(() => Number)
  count() {
    return 1
  }

  @CacheControl({ maxAge: 10 })
  @Query(() => Number)
  cachedCount() {
    return 1
  }
}

let subgraph: Subgraph

beforeAll(async () => {
  subgraph = await createSubgraph({
    name: 'posters',
    log: collectLog().log,
    verifyViewer: async () => ANONYMOUS,
    resolvers: [new PosterResolver()],
    references: { Poster: () => new Poster(), Ticket: () => new Ticket() },
    context: (request) => request,
  })
  await subgraph.start()
  return () => subgraph.stop(AbortSignal.timeout(1_000))
})

async function askFor(query: string) {
  const headers = { 'content-type': 'application/json' }
  const { body, cacheControl } = await subgraph.execute({ headers, body: { query } })
  return { data: (JSON.parse(body) as { data: unknown }).data, cacheControl }
}

const entities = (...types: string[]) =>
  `{ _entities(representations: [${types.map((it) => `{ __typename: "${it}", id: "1" }`).join()}])
     { ... on Poster { title } ... on Ticket { id } } }`

it.each([
  ['the hint of its type', '{ poster { title } }', 'max-age=30, public'],
  [
    'the shortest hint of all',
    '{ poster { title likes } posters { pageInfo { endCursor } } }',
    'max-age=5, public',
  ],
  [
    'the hint of a list for all of it',
    '{ posters { totalCount edges { cursor } } }',
    'max-age=60, public',
  ],
  ['the hint of items too', '{ posters { edges { node { title } } } }', 'max-age=30, public'],
  ['nothing for a list without one', '{ unhintedPosters { totalCount } }', 'no-store'],
  ['nothing for a type without one', '{ poster { title } untold { id } }', 'no-store'],
  ['nothing for a union without one', '{ either { ... on Poster { title } } }', 'no-store'],
  ['nothing for a root field without one', '{ poster { title } count }', 'no-store'],
  ['the hint of a root field', '{ cachedCount }', 'max-age=10, public'],
  ['nothing for a private field', '{ poster { note } }', 'no-store'],
  [
    'privacy for a list of what is private, whatever its field says',
    '{ tickets { totalCount } }',
    'max-age=60, private',
  ],
  ['nothing with an error', '{ poster { title torn } }', 'no-store'],
  ['the hint of an entity', entities('Poster'), 'max-age=30, public'],
  ['nothing for entities of which one is private', entities('Poster', 'Ticket'), 'no-store'],
])('an answer has %s', async (_name, query, expected) => {
  const { data, cacheControl } = await askFor(query)
  expect(data).not.toBeUndefined()
  expect(cacheControl).toBe(expected)
})

it('the SDL has the hints, and what they are made of', () => {
  expect(subgraph.sdl).toContain('type Poster @key(fields: "id") @cacheControl(maxAge: 30) {')
  expect(subgraph.sdl).toContain('note: String! @cacheControl(maxAge: 0, scope: PRIVATE)')
  expect(subgraph.sdl).toContain('type PosterEdge @cacheControl(inheritMaxAge: true) {')
  expect(subgraph.sdl).toMatch(/^directive @cacheControl\(/m)
  expect(subgraph.sdl).toContain('enum CacheControlScope {')
})
