import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type DocumentNode, Kind, print } from 'graphql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { failure, type FakeServer, type Respond, startFakeServer } from '../test/fake-server.js'
import { createCinegraphClient } from './client.js'
import * as operations from './generated/operations.js'

const { GenreListDocument, MeDocument } = operations
let server: FakeServer
let respond: Respond

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const good = { body: { data: { me: null } } }

beforeEach(async () => {
  respond = () => good
  server = await startFakeServer((request) => respond(request))
})
afterEach(() => server.stop())

const persisted = (document: DocumentNode) => ({
  persistedQuery: { version: 1, sha256Hash: sha256(print(document)) },
})

it('sends an id instead of a document that the server knows', async () => {
  const client = createCinegraphClient({ url: server.url })
  expect(await client.request(MeDocument)).toEqual({ me: null })
  expect(server.received).toMatchObject([
    { operationName: 'Me', extensions: persisted(MeDocument) },
  ])
  expect(server.received[0]).not.toHaveProperty('query')
})

it('sends the document once when the server does not know it', async () => {
  const known = new Set<string>()
  respond = ({ query, extensions }) => {
    const id = extensions?.persistedQuery.sha256Hash ?? ''
    if (query !== undefined && sha256(query) === id) known.add(id)
    return known.has(id) ? good : failure('PERSISTED_QUERY_NOT_FOUND')
  }
  const client = createCinegraphClient({ url: server.url })
  await client.request(MeDocument)
  await client.request(MeDocument)
  expect(server.received.map(({ query }) => query)).toEqual([
    undefined,
    print(MeDocument),
    undefined,
  ])
})

it.each([200, 400])('stops when the server keeps no documents (status %d)', async (status) => {
  respond = ({ extensions }) =>
    extensions ? { ...failure('PERSISTED_QUERY_NOT_SUPPORTED'), status } : good
  const client = createCinegraphClient({ url: server.url })
  expect(await client.request(MeDocument)).toEqual({ me: null })
  await client.request(GenreListDocument, { language: 'RU' })
  expect(server.received.map(({ extensions, query }) => [!!extensions, !!query])).toEqual([
    [true, false],
    [false, true],
    [false, true],
  ])
})

it('sends whole documents when told to', async () => {
  await createCinegraphClient({ url: server.url, persistedDocuments: false }).request(MeDocument)
  expect(server.received).toMatchObject([{ query: print(MeDocument) }])
  expect(server.received[0]).not.toHaveProperty('extensions')
})

it('has every document that it sends in its manifest, under the id that it sends', async () => {
  const path = new URL('../persisted-documents.json', import.meta.url)
  const manifest = JSON.parse(await readFile(path, 'utf8')) as {
    operations: { id: string; body: string }[]
  }
  const documents = (Object.values(operations) as DocumentNode[]).filter((document) =>
    document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION),
  )
  const byBody = (a: { body: string }, b: { body: string }) => (a.body < b.body ? -1 : 1)
  expect(manifest.operations.map(({ id, body }) => ({ id, body })).toSorted(byBody)).toEqual(
    documents
      .map((document) => ({ id: sha256(print(document)), body: print(document) }))
      .toSorted(byBody),
  )
})
