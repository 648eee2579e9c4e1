import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { onTestFinished } from 'vitest'

export interface TokenIssuer {
  readonly jwksUrl: URL
  readonly issuer: string
  readonly audience: string
  /** How often the keys were fetched. */
  fetches(): number
  /** A good token, but for what is given. */
  token(
    claims?: Claims,
    header?: { kid?: string | undefined; typ?: string | undefined },
  ): Promise<string>
  /** Starts to sign with a new key and publishes it beside the old one. */
  rotate(alg?: 'EdDSA' | 'ES256'): Promise<void>
  /** Keys are not to be had any more. */
  stop(): void
}

export const CLAIMS = {
  sub: 'user-1',
  sid: 'session-1',
  roles: ['user'],
  permissions: ['films:write'],
}

type Claims = { [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined }

/** Signs access tokens as the users subgraph does, and publishes the keys. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const keys: JWK[] = []
  let fetched = 0
  let current = await addKey(keys)
  const server = createServer((_request, response) => {
    fetched += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(stop)
  return {
    jwksUrl: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`),
    issuer: 'cinegraph',
    audience: 'cinegraph',
    fetches: () => fetched,
    stop,
    async rotate(alg) {
      current = await addKey(keys, alg)
    },
    token: (claims = {}, header = {}) =>
      new SignJWT({
        ...{ ...CLAIMS, iss: 'cinegraph', aud: 'cinegraph', exp: inSeconds(60) },
        ...(claims as JWTPayload),
      })
        .setProtectedHeader({
          ...{ alg: current.alg, kid: current.kid, typ: 'at+jwt' },
          ...(header as JWTHeaderParameters),
        })
        .sign(current.privateKey),
  }
}

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

async function addKey(keys: JWK[], alg = 'EdDSA') {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const kid = `key-${keys.length + 1}`
  keys.push({ ...(await exportJWK(publicKey)), kid, alg })
  return { kid, alg, privateKey }
}
