import { openPostgres } from '@cinegraph/engines/postgres/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { createKeyEncryption } from '@cinegraph/users/keys/key-encryption'
import { KeyRotation } from '@cinegraph/users/keys/key-rotation'
import { SigningKeyRepository } from '@cinegraph/users/keys/signing-key.repository'
import { until } from '@cinegraph/testkit/until'
import { expect, test } from 'vitest'
import { ask, startCinegraph } from './harness.js'

test('stolen keys are replaced: their tokens are refused, and a refreshed session goes on at once', async () => {
  const cinegraph = await startCinegraph()
  const password = cinegraph.secrets.demoPasswords.viewer
  const { logIn } = (await cinegraph.data({
    query: `mutation ($password: String!) {
      logIn(input: { login: "viewer", password: $password }) { accessToken refreshToken }
    }`,
    variables: { password },
  })) as { logIn: { accessToken: string; refreshToken: string } }
  const me = (token: string) => cinegraph.ask({ query: '{ me { login } }', token })
  expect((await me(logIn.accessToken)).errors).toBeUndefined()

  const postgres = openPostgres({ url: cinegraph.databaseUrl, log: memoryLog().log })
  await postgres.start()
  await new KeyRotation({
    repository: new SigningKeyRepository(postgres.prisma),
    encryption: createKeyEncryption(cinegraph.secrets.usersKeyEncryptionSecret),
    lifeSeconds: 600,
    now: () => new Date(),
  }).replaceAll()
  await postgres.stop(AbortSignal.timeout(10_000))

  await until(async () => {
    const request = { query: '{ me { login } }', token: logIn.accessToken }
    const answers = await Promise.all(cinegraph.gateways.map((url) => ask(url, request)))
    return answers.every(({ errors }) => errors !== undefined)
  })
  const { refreshSession } = (await cinegraph.data({
    query: 'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
    variables: { token: logIn.refreshToken },
  })) as { refreshSession: { accessToken: string } }
  expect(await me(refreshSession.accessToken)).toEqual({ data: { me: { login: 'viewer' } } })
})
