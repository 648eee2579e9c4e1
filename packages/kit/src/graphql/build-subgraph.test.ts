import { execute, parse } from 'graphql'
import { expect, it } from 'vitest'
import { Toy, ToyResolver, toyReference } from '../../test/toy-subgraph.js'
import { buildSubgraph } from './build-subgraph.js'

const shop = { failure: () => new Error('unused'), gate: Promise.resolve(), reached: () => {} }
const built = buildSubgraph({
  resolvers: [new ToyResolver(shop)],
  orphanedTypes: [Toy],
  references: { Toy: toyReference },
})
const run = async (query: string) =>
  execute({ schema: (await built).schema, document: parse(query), contextValue: {} })

it('imports the directives that are used, and no other', async () => {
  expect((await built).sdl).toMatch(
    /^extend schema @link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.9", import: \["@key", "@shareable"\]\)\n/,
  )
})

it('keeps descriptions of types, fields and arguments', async () => {
  const { sdl } = await built
  expect(sdl).toContain('"""A toy of the shop. Has nothing to do with @shareable or @tag."""')
  expect(sdl).toContain('"""What it says on the box."""')
  expect(sdl).toContain('"""Of the toy."""')
  expect(sdl).toContain('"""A page of a list of Toy items (Relay)."""')
})

it('prints the same text however its parts are ordered', async () => {
  const again = await buildSubgraph({ resolvers: [new ToyResolver(shop)] })
  expect(again.sdl).toBe((await built).sdl)
})

it('answers _service with its SDL', async () => {
  const { data } = await run('{ _service { sdl } }')
  const { sdl } = (data as { _service: { sdl: string } })._service
  expect(sdl).toContain('import: ["@key", "@shareable"]')
  expect(sdl).toContain('type Toy\n  @key(fields: "id")')
})

it('resolves references, in order, and answers null for what is absent', async () => {
  const { data } = await run(`{
    _entities(representations: [
      { __typename: "Toy", id: "2" }, { __typename: "Toy", id: "none" }, { __typename: "Toy", id: "0" }
    ]) { __typename ... on Toy { id label } }
  }`)
  expect(data).toEqual({
    _entities: [
      { __typename: 'Toy', id: '2', label: 'ёлка' },
      null,
      { __typename: 'Toy', id: '0', label: 'car' },
    ],
  })
})

it('calls the resolver instance it was given', async () => {
  expect((await run('{ toy(id: "1") { label } }')).data).toEqual({ toy: { label: 'doll' } })
})
