import { CompactSign, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
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

async function signed(payload: string, { privateKey } = keys) {
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(await importJWK(privateKey, 'EdDSA'))
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

  it('an expired identity', async () => {
    await refused(await signed(JSON.stringify({ ...claims(), exp: seconds })))
  })

  it('an identity without a signature', async () => {
    await refused(`${base64url({ alg: 'none' })}.${base64url(claims())}.`)
  })

  it('an identity whose payload was changed', async () => {
    const [header, , signature] = (await signed(JSON.stringify(claims()))).split('.')
    await refused(`${header}.${base64url({ ...claims(), roles: ['admin'] })}.${signature}`)
  })

  it('an identity under a symmetric signature made with the public key', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(keys.publicKey))
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims())))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret)
    await refused(token)
  })

  it.each([
    ['no text of JSON', 'nonsense'],
    ['no claims', '{}'],
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
