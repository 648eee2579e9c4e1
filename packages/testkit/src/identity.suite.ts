import { generateKeyPairSync } from 'node:crypto'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { createViewerSigner, VIEWER_HEADER } from '@cinegraph/kit/identity'
import { calculateJwkThumbprint, importJWK, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { execute, expectError } from './execute.js'
import { ANONYMOUS, asUser, testIdentity } from './identity.js'

interface Signature {
  key?: 'gateway' | 'stranger'
  audience: string
  at?: Date
}

const keyId = () => calculateJwkThumbprint(testIdentity.publicKey)

async function signAs(kid: string | undefined, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', ...(kid === undefined ? {} : { kid }) })
    .sign(await importJWK(testIdentity.privateKey, 'EdDSA'))
}

async function sign({ key = 'gateway', audience, at }: Signature): Promise<string> {
  const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const privateKey = key === 'stranger' ? stranger : testIdentity.privateKey
  const signViewer = await createViewerSigner(privateKey, () => at ?? new Date())
  return signViewer(asUser(), audience)
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsFor = (aud: string) => ({ roles: ['admin'], permissions: [], aud, exp: 4e9 })

/** Headers that no gateway sent for the subgraph `audience`, by what is wrong with them. */
const forgeries = (audience: string): readonly [string, () => Promise<string>][] => [
  ['nothing', async () => ''],
  ['something that is no token', async () => 'not.a.token'],
  [
    'claims that nobody signed',
    async () => `${encode({ alg: 'none', kid: await keyId() })}.${encode(claimsFor(audience))}.`,
  ],
  ['a token of another key', () => sign({ key: 'stranger', audience })],
  [
    'a token of another key that names the gateway’s',
    async () => {
      const [header] = (await sign({ audience })).split('.')
      const [, payload, signature] = (await sign({ key: 'stranger', audience })).split('.')
      return [header, payload, signature].join('.')
    },
  ],
  ['a token that names no key', () => signAs(undefined, claimsFor(audience))],
  ['a token that names an unknown key', () => signAs('unknown', claimsFor(audience))],
  [
    'a token of another algorithm',
    async () => {
      const secret = Buffer.from(JSON.stringify(testIdentity.publicKey))
      return new SignJWT(claimsFor(audience))
        .setProtectedHeader({ alg: 'HS256', kid: await keyId() })
        .sign(secret)
    },
  ],
  [
    'a token that is not yet valid',
    async () => signAs(await keyId(), { ...claimsFor(audience), nbf: Date.now() / 1000 + 60 }),
  ],
  ['a token that expired', () => sign({ audience, at: new Date(Date.now() - 61_000) })],
  ['a token for another subgraph', () => sign({ audience: `not-${audience}` })],
  [
    'a token that was changed',
    async () => {
      const [header, , signature] = (await sign({ audience })).split('.')
      return [header, encode(claimsFor(audience)), signature].join('.')
    },
  ],
]

/** What every subgraph promises of identities: it answers those the gateway signed for it, and nobody else. */
export function describeIdentity(name: string, started: () => Pick<Subgraph, 'name' | 'execute'>) {
  const query = '{ __typename }'

  describe(`the identity of a request to ${name}`, () => {
    test.each([
      ['anonymous', ANONYMOUS],
      ['a user', asUser()],
    ])('answers whom the gateway vouches for: %s', async (_, as) => {
      const { status, data } = await execute(started(), { query, as })
      expect({ status, data }).toEqual({ status: 200, data: { __typename: 'Query' } })
    })

    test.each(forgeries(name))('refuses %s', async (_, forge) => {
      const answer = await execute(started(), {
        query,
        headers: { [VIEWER_HEADER]: await forge() },
      })
      expect(answer.status).toBe(401)
      expect(answer.data).toBeUndefined()
      expect(expectError(answer).extensions.code).toBe('UNAUTHENTICATED')
    })

    test('refuses a call without the header, for the SDL too', async () => {
      const { status, body } = await started().execute({
        headers: { 'content-type': 'application/json' },
        body: { query: '{ _service { sdl } }' },
      })
      expect(status).toBe(401)
      expect(body).not.toContain('type Query')
    })
  })
}
