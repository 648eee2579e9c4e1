import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { ownIndexes } from '@cinegraph/engines/search/elasticsearch/own-indexes.contract'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { until } from '@cinegraph/testkit/until'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureCatalogue } from '../src/catalogue/demo.js'
import { ROOT } from '../src/paths.js'
import { startCinegraph } from './harness.js'

const STOP_MS = 10_000
/** What films and people answer from the index. */
const QUERIES = [
  '{ searchFilms(text: "metropolis") { edges { node { title } } } }',
  '{ suggest(prefix: "metro") { text } }',
  '{ persons(text: "fritz lang") { edges { node { name } } } }',
]

const url = realServer('elasticsearch')
const { log } = memoryLog()

describe.skipIf(url === undefined)('an Elasticsearch that was never filled', () => {
  const indexes = ownIndexes(url ?? '')
  let env: Readonly<Record<'DATABASE_URL' | 'SEARCH_URL', string>>
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>

  beforeAll(async () => {
    const { url: databaseUrl } = await createTestDatabase()
    const search = new URL(url!)
    search.search = `prefix=${indexes.url.prefix}&budgetMs=10000`
    env = { DATABASE_URL: databaseUrl, SEARCH_URL: search.href }
    await fill(databaseUrl)
    // a start would fill it, but leaves that to whoever does so already
    const release = await holdRebuild(env)
    cinegraph = await startCinegraph(env)
    await release()
  })

  /** The demo catalogue, and the index in Postgres. */
  async function fill(databaseUrl: string): Promise<void> {
    const postgres = openPostgres({ url: databaseUrl, log })
    const search = openSearchIndex({ url: databaseUrl, postgres, log })
    await postgres.start()
    await search.start()
    await ensureCatalogue({ postgres, search }, true)
    await search.stop(AbortSignal.timeout(STOP_MS))
    await postgres.stop(AbortSignal.timeout(STOP_MS))
  }

  /** Begins a rebuild that never comes to anything; what is returned ends it. */
  async function holdRebuild({ DATABASE_URL, SEARCH_URL }: typeof env) {
    const postgres = openPostgres({ url: DATABASE_URL, log })
    const search = openSearchIndex({ url: SEARCH_URL, postgres, log })
    await postgres.start()
    await search.start()
    const begun = Promise.withResolvers<undefined>()
    const gate = Promise.withResolvers<never>()
    const rebuilt = search.rebuild(() => {
      begun.resolve(undefined)
      return gate.promise
    })
    await Promise.race([begun.promise, rebuilt])
    return async () => {
      gate.reject(new Error('killed'))
      await expect(rebuilt).rejects.toThrow('killed')
      await search.stop(AbortSignal.timeout(STOP_MS))
      await postgres.stop(AbortSignal.timeout(STOP_MS))
    }
  }

  /** Runs `npm run reindex`. */
  async function reindex(...args: string[]) {
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', 'scripts/src/reindex.ts', ...args],
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const exit = once(child, 'exit')
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: (await exit)[0] as number, stdout, stderr }
  }

  /** What stands in for something else, by query. */
  async function degraded(): Promise<unknown[]> {
    const answers = await Promise.all(QUERIES.map((query) => cinegraph.ask({ query })))
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined()
      expect(JSON.stringify(data)).toMatch(/Metropolis|Fritz Lang/)
    }
    return answers.map(({ extensions }) => extensions?.['degraded'])
  }

  test('is told of in every answer of the index in Postgres, and by the comparison', async () => {
    expect(await degraded()).toEqual(QUERIES.map(() => ['search']))
    const { code, stdout } = await reindex('--check')
    expect(stdout).toContain('The index in Postgres is what the catalogue is.')
    expect(stdout).toContain('Elasticsearch was not compared: ')
    expect(code).toBe(1)
  })

  test('is answered from, without a word, as soon as it is filled', async () => {
    expect(await reindex()).toMatchObject({ code: 0 })
    await until(async () => (await degraded()).every((it) => it === undefined))
    const { code, stdout } = await reindex('--check')
    expect(stdout).toContain('The index is what the catalogue is.')
    expect(stdout).not.toContain('Elasticsearch')
    expect(code).toBe(0)
  })
})
