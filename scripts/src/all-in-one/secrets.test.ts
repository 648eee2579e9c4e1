import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { completeEnv, envOf, loadSecrets, makeSecrets } from './secrets.js'

const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-secrets-'))
afterAll(() => rm(folder, { recursive: true }))

describe('the secrets of an embedded installation', () => {
  test('are made once, also by many first starts at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets(folder)))
    expect(new Set(all.map((it) => JSON.stringify(it))).size).toBe(1)
    expect(await loadSecrets(folder)).toEqual(all[0])
    expect(await readdir(folder)).toEqual(['secrets.json'])
  })

  test('can be read by their owner alone', async () => {
    expect((await stat(path.join(folder, 'secrets.json'))).mode & 0o077).toBe(0)
  })

  test('are in nobody else’s words when the file is damaged', async () => {
    const damaged = await mkdtemp(path.join(tmpdir(), 'cinegraph-secrets-'))
    await writeFile(path.join(damaged, 'secrets.json'), '{"gatewaySigningKey":')
    await expect(loadSecrets(damaged)).rejects.toThrow(/secrets\.json/)
    expect(await readFile(path.join(damaged, 'secrets.json'), 'utf8')).toBe('{"gatewaySigningKey":')
    await rm(damaged, { recursive: true })
  })
})

describe('secrets of a version without a demo administrator', () => {
  test('get its password once, also by many starts at once, and keep the rest', async () => {
    const before = await mkdtemp(path.join(tmpdir(), 'cinegraph-secrets-'))
    const { demoPasswords, ...rest } = await makeSecrets()
    const { editor, viewer } = demoPasswords
    const old = { ...rest, demoPasswords: { editor, viewer } }
    await writeFile(path.join(before, 'secrets.json'), JSON.stringify(old))
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets(before)))
    expect(new Set(all.map((it) => JSON.stringify(it))).size).toBe(1)
    expect(all[0]).toMatchObject(old)
    expect(all[0]!.demoPasswords.admin).toMatch(/^[\w-]{12}$/)
    expect(await loadSecrets(before)).toEqual(all[0])
    expect(await readdir(before)).toEqual(['secrets.json'])
    expect((await stat(path.join(before, 'secrets.json'))).mode & 0o077).toBe(0)
    await rm(before, { recursive: true })
  })
})

describe('the settings of all parts together', async () => {
  const secrets = await makeSecrets()
  const publicPart = (jwk: string) => (JSON.parse(jwk) as { x: string }).x

  test('take from the secrets what nobody set', () => {
    expect(completeEnv({ USERS_KEY_ENCRYPTION_SECRET: '' }, secrets)).toMatchObject(envOf(secrets))
  })

  test('keep what somebody set', () => {
    const given = { USERS_KEY_ENCRYPTION_SECRET: 'y'.repeat(40), JWKS_URL: 'http://elsewhere/keys' }
    expect(completeEnv(given, secrets)).toMatchObject(given)
  })

  test('take the public key from the signing key that is in force', async () => {
    const { GATEWAY_SIGNING_KEY } = envOf(await makeSecrets())
    // a public key of another pair would make every subgraph refuse its own gateway
    const { GATEWAY_PUBLIC_KEY } = envOf(secrets)
    const env = completeEnv({ GATEWAY_SIGNING_KEY, GATEWAY_PUBLIC_KEY }, secrets)
    expect(publicPart(env['GATEWAY_PUBLIC_KEY']!)).toBe(publicPart(GATEWAY_SIGNING_KEY))
    expect(env['GATEWAY_PUBLIC_KEY']).not.toContain('"d"')
  })

  test.each([
    ['', 'http://users/.well-known/jwks.json'],
    ['films=http://films:1/graphql', 'http://users/.well-known/jwks.json'],
    ['films=http://f:1/graphql, users=http://u:2/graphql', 'http://u:2/.well-known/jwks.json'],
  ])('with SUBGRAPH_URLS "%s" look for keys at %s', (SUBGRAPH_URLS, jwksUrl) => {
    expect(completeEnv({ SUBGRAPH_URLS }, secrets)).toMatchObject({
      JWKS_URL: jwksUrl,
      REVOCATIONS_URL: new URL('/internal/revocations', jwksUrl).href,
    })
  })

  test('let the cookies of a session pass to users alone', () => {
    expect(completeEnv({}, secrets)).toMatchObject({
      ACCESS_TOKEN_COOKIE: '__Host-cinegraph-access',
      SUBGRAPH_COOKIES: 'users=__Host-cinegraph-access,users=__Host-cinegraph-refresh',
    })
    const given = { ACCESS_TOKEN_COOKIE: 'token', SUBGRAPH_COOKIES: 'users=token' }
    expect(completeEnv(given, secrets)).toMatchObject(given)
  })
})
