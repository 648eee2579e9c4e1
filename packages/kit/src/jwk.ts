import { z } from 'zod'
import { parseJson } from './json.js'

/** 32 bytes in base64url. */
const bytes = z.string().regex(/^[\w-]{43}$/)
const ed25519Public = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: bytes,
  kid: z.string().exactOptional(),
})

/** A private Ed25519 key as a JWK. */
export const ed25519Private = ed25519Public.extend({ d: bytes })

/** Setting: an Ed25519 public key, a JWK as JSON. Private parts are dropped. */
export const publicJwk = jwkSetting(ed25519Public, 'must be an Ed25519 public key as a JWK in JSON')

/** Setting: one Ed25519 public key, or several as a JWK Set, as JSON. Private parts are dropped. */
export const publicJwks = jwkSetting(
  z.union([ed25519Public, z.object({ keys: z.array(ed25519Public).min(1) })]),
  'must be an Ed25519 public key as a JWK, or several as a JWK Set, in JSON',
)

/** Setting: an Ed25519 private key, a JWK as JSON. */
export const privateJwk = jwkSetting(
  ed25519Private,
  'must be an Ed25519 private key as a JWK in JSON',
)

function jwkSetting<S extends z.ZodType>(schema: S, message: string) {
  return z.string().transform((text, context): z.output<S> => {
    const parsed = schema.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
}
