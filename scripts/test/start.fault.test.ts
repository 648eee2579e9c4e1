import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask } from './harness.js'
import { openLauncher } from './launcher.js'

const { folder, launch, start } = await openLauncher()

const register = (url: string, login: string) =>
  ask(url, {
    query: 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }',
    variables: { input: { login, password: `the secret of ${login}` } },
  })

const canLogIn = async (url: string, login: string) => {
  const { data } = await ask(url, {
    query: 'mutation ($input: LogInInput!) { logIn(input: $input) { user { login } } }',
    variables: { input: { login, password: `the secret of ${login}` } },
  })
  return data !== null
}

describe('npm start', () => {
  test.each([1, 5, 12])('keeps every acknowledged write over kill -9 after %i', async (writes) => {
    const acknowledged: string[] = []
    // all come from one address, and none may be refused
    const { child, ended, url } = await start({ ARGON2_QUEUE_PER_ADDRESS: `${writes * 2}` })
    const logins = Array.from({ length: writes * 2 }, (_, index) => `writer-${writes}-${index}`)
    await Promise.allSettled(
      logins.map(async (login) => {
        const { data } = await register(url, login)
        if (data && acknowledged.push(login) === writes) child.kill('SIGKILL')
      }),
    )
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(acknowledged.length).toBeGreaterThanOrEqual(writes)
    const again = await start()
    const lost: string[] = []
    for (const login of acknowledged) if (!(await canLogIn(again.url, login))) lost.push(login)
    expect(lost).toEqual([])
    again.child.kill('SIGTERM')
    expect(await again.ended).toEqual([0, null])
  })

  test('says that it runs already, and where; SIGINT ends it with 0', async () => {
    const first = await start()
    expect(first.output()).toMatch(/indexer .*\n.*outbox/)
    const second = launch({})
    expect(await second.ended).toEqual([1, null])
    expect(second.output()).toContain(`already runs`)
    expect(second.output()).toContain(first.url)
    first.child.kill('SIGINT')
    expect(await first.ended).toEqual([0, null])
  })

  test.each([
    [{ PORT: 'many' }, /PORT: must be a port number, 0 to 65535/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL: must be a URL that starts with postgres/],
    [{ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/x' }, /DATABASE_URL: .*127\.0\.0\.1:1/],
    [{ ARGON2_PASSES: '0', LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
  ])('with %o ends with 1 and names the setting', async (env, message) => {
    const { ended, output } = launch(env)
    expect(await ended).toEqual([1, null])
    expect(output()).toMatch(message)
    expect(output()).not.toMatch(/\n\s+at /)
  })

  test('names the port that is taken', async () => {
    const first = await start()
    const { port } = new URL(first.url)
    const other = await mkdtemp(path.join(tmpdir(), 'cinegraph-other-'))
    await chmod(other, 0o711)
    const second = launch({ PORT: port, CINEGRAPH_DATA: other })
    expect(await second.ended).toEqual([1, null])
    expect(second.output()).toContain(`PORT: port ${port} on 127.0.0.1 is taken`)
    await rm(other, { recursive: true })
    first.child.kill('SIGTERM')
    await first.ended
  })

  test('ends with 1 when its Postgres dies, and heals with the next start', async () => {
    const first = await start()
    const [postmaster] = (
      await readFile(path.join(folder, 'postgres/postmaster.pid'), 'utf8')
    ).split('\n')
    process.kill(Number(postmaster), 'SIGKILL')
    expect(await first.ended).toEqual([1, null])
    expect(first.output()).toContain('the embedded Postgres ended by itself')
    const second = await start()
    expect((await ask(second.url, { query: '{ films { totalCount } }' })).errors).toBeUndefined()
    second.child.kill('SIGTERM')
    await second.ended
  })

  test('leaves room for scripts beside it', async () => {
    const first = await start()
    const seed = launch({}, 'seed.ts')
    expect(await seed.ended).toEqual([0, null])
    expect(seed.output()).toContain('The index holds 100 films')
    first.child.kill('SIGTERM')
    await first.ended
  })

  test('keeps its secrets to their owner', async () => {
    const file = path.join(folder, 'secrets.json')
    expect((await stat(file)).mode & 0o077).toBe(0)
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('gatewaySigningKey.d')
  })
})
