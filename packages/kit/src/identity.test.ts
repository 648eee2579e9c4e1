import {
  calculateJwkThumbprint,
  CompactSign,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ANONYMOUS,
  createViewerSigner,
  createViewerVerifier,
  requirePermission,
  requireUser,
  type UserViewer,
} from './identity.js'

const ann: UserViewer = {
  kind: 'user',
  id: '0192d7a0-0000-7000-8000-000000000001',
  sessionId: '0192d7a0-0000-7000-8000-000000000002',
  roles: ['editor'],
  permissions: ['films:write'],
}
let keys: { publicKey: JWK; privateKey: JWK }
let otherKeys: { publicKey: JWK; privateKey: JWK }
let seconds = 1_000_000
const now = () => new Date(seconds * 1_000)

async function newKeys() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  return { publicKey: await exportJWK(publicKey), privateKey: await exportJWK(privateKey) }
}

beforeAll(async () => {
  keys = await newKeys()
  otherKeys = await newKeys()
})

const verifier = (audience = 'films') =>
  createViewerVerifier({ publicKey: keys.publicKey, audience, now })

const thumbprintOf = (pair: { publicKey: JWK }) => calculateJwkThumbprint(pair.publicKey)

async function signed(payload: string, header: { kid?: string } = {}) {
  const kid = await thumbprintOf(keys)
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'EdDSA', kid, ...header })
    .sign(await importJWK(keys.privateKey, 'EdDSA'))
}
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = () => ({ roles: [], permissions: [], aud: 'films', exp: seconds + 60 })

describe('a signed viewer', () => {
  it.each([ann, ANONYMOUS])('arrives as it left: $kind', async (viewer) => {
    const sign = await createViewerSigner(keys.privateKey, now)
    const verify = await verifier()
    expect(await verify(await sign(viewer, 'films'))).toEqual(viewer)
  })

  it('is signed once per viewer and audience while it is fresh, then again', async () => {
    const sign = await createViewerSigner(keys.privateKey, now)
    const first = await sign(ann, 'films')
    seconds += 29
    expect(await sign({ ...ann }, 'films')).toBe(first)
    expect(await sign(ann, 'users')).not.toBe(first)
    expect(await sign({ ...ann, permissions: [] }, 'films')).not.toBe(first)
    seconds += 1
    expect(await sign(ann, 'films')).not.toBe(first)
  })

  it('is accepted until it expires, also when it was seen before', async () => {
    const sign = await createViewerSigner(keys.privateKey, now)
    const verify = await verifier()
    const token = await sign(ann, 'films')
    seconds += 59
    expect(await verify(token)).toEqual(ann)
    seconds += 1
    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('while the key of the gateway is rotated', () => {
  it('what either key signed arrives, and nothing of a third', async () => {
    const set = { keys: [keys.publicKey, otherKeys.publicKey] }
    const verify = await createViewerVerifier({ publicKey: set, audience: 'films', now })
    for (const { privateKey } of [keys, otherKeys]) {
      const sign = await createViewerSigner(privateKey, now)
      expect(await verify(await sign(ann, 'films'))).toEqual(ann)
    }
    const sign = await createViewerSigner((await newKeys()).privateKey, now)
    await expect(verify(await sign(ann, 'films'))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})

describe('a subgraph refuses', () => {
  const refused = async (token: string | undefined) => {
    await expect((await verifier())(token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'This service answers only the gateway.',
    })
  }

  it.each([undefined, '', 'nonsense', 'a.b.c'])('%j', refused)

  it('an identity signed with another key', async () => {
    const sign = await createViewerSigner(otherKeys.privateKey, now)
    await refused(await sign(ann, 'films'))
  })

  it('an identity meant for another subgraph', async () => {
    const sign = await createViewerSigner(keys.privateKey, now)
    await refused(await sign(ann, 'users'))
  })

  it('an identity that is not yet valid', async () => {
    await refused(await signed(JSON.stringify({ ...claims(), nbf: seconds + 1 })))
  })

  it('an expired identity', async () => {
    await refused(await signed(JSON.stringify({ ...claims(), exp: seconds })))
  })

  it('an identity that names no key, another or an unknown one', async () => {
    const payload = JSON.stringify({ ...claims(), exp: seconds + 60 })
    for (const kid of [undefined as never, 'unknown', await thumbprintOf(otherKeys)]) {
      await refused(await signed(payload, { kid }))
    }
  })

  it('an identity without a signature', async () => {
    const header = base64url({ alg: 'none', kid: await thumbprintOf(keys) })
    await refused(`${header}.${base64url(claims())}.`)
  })

  it('an identity whose payload was changed', async () => {
    const [header, , signature] = (await signed(JSON.stringify(claims()))).split('.')
    await refused(`${header}.${base64url({ ...claims(), roles: ['admin'] })}.${signature}`)
  })

  it('an identity under a symmetric signature made with the public key', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(keys.publicKey))
    const kid = await thumbprintOf(keys)
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims())))
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(secret)
    await refused(token)
  })

  it.each([
    ['no text of JSON', 'nonsense'],
    ['no claims', '{}'],
    ['no end', JSON.stringify({ ...claims(), exp: undefined })],
    ['an end that is no number', JSON.stringify({ ...claims(), exp: 'never' })],
    ['a user without a session', JSON.stringify({ ...claims(), exp: 2_000_000, sub: ann.id })],
  ])('a signed payload with %s', async (_name, payload) => refused(await signed(payload)))
})

describe('what a viewer may do', () => {
  it('needs a user', () => {
    expect(requireUser(ann)).toBe(ann)
    expect(() => requireUser(ANONYMOUS)).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }) as Error,
    )
  })

  it('needs the permission', () => {
    expect(requirePermission(ann, 'films:write')).toBe(ann)
    expect(() => requirePermission(ann, 'roles:write')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }) as Error,
    )
    expect(() => requirePermission(ANONYMOUS, 'films:write')).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }) as Error,
    )
  })
})
