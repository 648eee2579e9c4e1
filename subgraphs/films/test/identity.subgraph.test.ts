import { generateKeyPairSync } from 'node:crypto'
import { createViewerSigner, VIEWER_HEADER } from '@cinegraph/kit/identity'
import { execute, expectError, type ExecuteOptions } from '@cinegraph/testkit/execute'
import { ANONYMOUS, asUser, testIdentity } from '@cinegraph/testkit/identity'
import { beforeAll, expect, it } from 'vitest'
import { openFilms, type Films } from './films.js'

const QUERY = '{ films { totalCount } }'

let films: Films
beforeAll(async () => {
  films = await openFilms()
})

const ask = (options: Omit<ExecuteOptions, 'query'>) =>
  execute(films.subgraph, { query: QUERY, ...options })

it.each([
  ['anonymous', ANONYMOUS],
  ['a user', asUser()],
])('answers whom the gateway vouches for: %s', async (_, as) => {
  const { status, data } = await ask({ as })
  expect({ status, data }).toEqual({ status: 200, data: { films: { totalCount: 0 } } })
})

async function signedBy(options: { key?: 'gateway' | 'stranger'; audience?: string; at?: Date }) {
  const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const sign = await createViewerSigner(
    options.key === 'stranger' ? stranger : testIdentity.privateKey,
    () => options.at ?? new Date(),
  )
  return sign(asUser(), options.audience ?? 'films')
}

it.each<[string, () => string | Promise<string>]>([
  ['nothing', () => ''],
  ['something that is no token', () => 'eyJhbGciOiJub25lIn0.e30.'],
  ['a token of another key', () => signedBy({ key: 'stranger' })],
  ['a token that expired', () => signedBy({ at: new Date(Date.now() - 61_000) })],
  ['a token for another subgraph', () => signedBy({ audience: 'people' })],
  [
    'a token that was changed',
    async () => {
      const [header, , signature] = (await signedBy({})).split('.')
      const claims = { roles: ['admin'], permissions: [], aud: 'films', exp: 4e9 }
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
      return [header, payload, signature].join('.')
    },
  ],
])('refuses %s', async (_, token) => {
  const answer = await ask({ headers: { [VIEWER_HEADER]: await token() } })
  expect(answer.status).toBe(401)
  expect(answer.data).toBeUndefined()
  expect(expectError(answer).extensions.code).toBe('UNAUTHENTICATED')
})

it('refuses a call without the header', async () => {
  const { status } = await films.subgraph.execute({
    headers: { 'content-type': 'application/json' },
    body: { query: QUERY },
  })
  expect(status).toBe(401)
})
