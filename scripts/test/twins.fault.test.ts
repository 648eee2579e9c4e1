import { CinegraphError } from '@cinegraph/sdk'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { eventually } from '@cinegraph/testkit/until'
import { expect, test } from 'vitest'
import { openAudit } from './deployment/audit.js'
import { Load } from './deployment/load.js'
import type { Part } from './deployment/part.js'
import { sharedEngines } from './deployment/shared-engines.js'
import { startTwins } from './deployment/twins.js'
import { ask } from './harness.js'
import { CHEAP_PASSWORDS } from './people.js'

const { url: databaseUrl } = await createTestDatabase()
const engines = sharedEngines()
const twins = await startTwins({ databaseUrl, env: { ...CHEAP_PASSWORDS, ...engines } })
const { url, parts, secrets } = twins
const audit = await openAudit({
  ...{ url, databaseUrl, searchUrl: twins.searchUrl },
  eventLogUrl: engines['EVENT_LOG_URL'] ?? databaseUrl,
})

// each of many processes starts anew: a minute here, and as long as it takes where others work as well
const NO_HURRY_MS = 1_800_000

const firsts = parts.filter((_, index) => index % 2 === 0)
const seconds = parts.filter((_, index) => index % 2 === 1)

/** Runs `work` while people read and write; what became of all that they did. */
async function underLoad(work: (load: Load) => Promise<void>): Promise<Load> {
  const password = secrets.demoPasswords.viewer
  const load = new Load({ url, login: 'viewer', password, editor: await logIn('editor') })
  await load.start()
  await load.during(async () => {})
  await work(load)
  await load.stop()
  return load
}

async function logIn(login: 'editor'): Promise<string> {
  const query = `mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }`
  const variables = { input: { login, password: secrets.demoPasswords[login] } }
  const { data } = await ask(url, { query, variables })
  return (data as { logIn: { accessToken: string } }).logIn.accessToken
}

test(
  'one of each process is killed under load: no read fails, and no acknowledged write is lost',
  async () => {
    const load = await underLoad(async (load) => {
      for (const part of firsts) {
        const ended = await load.during(() => part.end('SIGKILL'))
        expect([part.root, ...ended]).toEqual([part.root, null, 'SIGKILL'])
        await load.during(() => startAgain(part))
      }
    })
    expect(explained(load.failed.reads)).toEqual([])
    await audit.expectKept(load, await logIn('editor'))
  },
  NO_HURRY_MS,
)

test(
  'all processes are replaced under load, one after the other: nothing fails at all',
  async () => {
    const load = await underLoad(async (load) => {
      for (const part of [...firsts, ...seconds]) {
        const ended = await load.during(() => part.end('SIGTERM'))
        expect([part.root, ...ended]).toEqual([part.root, 0, null])
        await load.during(() => startAgain(part))
      }
    })
    expect(explained(Object.values(load.failed).flat())).toEqual([])
    await audit.expectKept(load, await logIn('editor'))
  },
  NO_HURRY_MS,
)

test('no process failed by itself', () => {
  const failures = parts.flatMap(({ log }) => log.filter(({ level }) => level === 'fatal'))
  expect(failures).toEqual([])
})

/** With what the processes have logged of the same request. */
const explained = (errors: readonly unknown[]) =>
  errors.map((error) => {
    const id = error instanceof CinegraphError ? error.requestId : undefined
    const logged = parts.flatMap(({ root, log }) =>
      log.filter(({ requestId }) => id !== undefined && requestId === id).map((it) => [root, it]),
    )
    return { error: String(error), logged }
  })

/** Resolves when its balancer knows it again as well. */
async function startAgain(part: Part): Promise<void> {
  await part.startAgain()
  await eventually(() => expect(twins.isUp(part)).toBe(true))
}
