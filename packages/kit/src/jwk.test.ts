import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { privateJwk, publicJwk, publicJwks } from './jwk.js'

const pair = await generateKeyPair('EdDSA', { extractable: true })
const privateKey = await exportJWK(pair.privateKey)
const publicKey = await exportJWK(pair.publicKey)
const rsa = await exportJWK((await generateKeyPair('RS256')).publicKey)

const problemOf = (schema: z.ZodType, text: string) =>
  schema.safeParse(text).error?.issues[0]?.message

describe('publicJwk', () => {
  const problem = 'must be an Ed25519 public key as a JWK in JSON'

  it('drops the private part of a key given by mistake', () => {
    expect(publicJwk.parse(JSON.stringify({ ...privateKey, kid: 'k' }))).toEqual({
      ...publicKey,
      kid: 'k',
    })
  })

  it.each(['ed25519', 'null', JSON.stringify(rsa), JSON.stringify({ ...publicKey, x: 'short' })])(
    'refuses %s',
    (text) => {
      expect(problemOf(publicJwk, text)).toBe(problem)
    },
  )
})

describe('publicJwks', () => {
  it('reads one key, and a set without the private parts', () => {
    expect(publicJwks.parse(JSON.stringify(publicKey))).toEqual(publicKey)
    const set = JSON.stringify({ keys: [privateKey, publicKey] })
    expect(publicJwks.parse(set)).toEqual({ keys: [publicKey, publicKey] })
  })

  it.each(['ed25519', JSON.stringify({ keys: [] }), JSON.stringify({ keys: [publicKey, rsa] })])(
    'refuses %s',
    (text) => {
      expect(problemOf(publicJwks, text)).toBe(
        'must be an Ed25519 public key as a JWK, or several as a JWK Set, in JSON',
      )
    },
  )
})

describe('privateJwk', () => {
  it('reads a key', () => {
    expect(privateJwk.parse(JSON.stringify(privateKey))).toEqual(privateKey)
  })

  it.each(['', JSON.stringify(publicKey)])('refuses %s', (text) => {
    expect(problemOf(privateJwk, text)).toBe('must be an Ed25519 private key as a JWK in JSON')
  })
})
