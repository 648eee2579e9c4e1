import { type OpenedServer, openServer } from '@cinegraph/native/open-server'
import { CinegraphError } from '@cinegraph/sdk'
import type { LogLine } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { eventually } from '@cinegraph/testkit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Audit, openAudit } from './deployment/audit.js'
import { Load, RefusedError } from './deployment/load.js'
import { startCinegraph } from './harness.js'
import { CHEAP_PASSWORDS } from './people.js'

// Java starts, on a machine that is at work on other things
const NO_HURRY_MS = 600_000
const NAMES = ['postgres', 'elasticsearch', 'redis'] as const
type Name = (typeof NAMES)[number]

const WAYS = {
  'stands still': [(it) => it.pause(), (it) => it.resume()],
  'is killed': [(it) => it.kill(), (it) => it.start()],
} satisfies Record<
  string,
  [go: (it: OpenedServer) => unknown, comeBack: (it: OpenedServer) => unknown]
>
type Way = keyof typeof WAYS

interface Absence {
  /** Metrics that are 0 meanwhile, and 1 otherwise. */
  readonly gauges: readonly string[]
  /** Names on `/readyz` of what is not ready. */
  readonly unready: readonly string[]
  /** Codes with which people may be refused meanwhile. */
  readonly refused: Readonly<Partial<Record<keyof Load['failed'], readonly string[]>>>
  /** In the extensions of a search. */
  readonly degraded?: readonly string[]
}

const UNAVAILABLE = ['SERVICE_UNAVAILABLE']
const ABSENCES: Record<Name, Absence> = {
  postgres: {
    gauges: ['cinegraph_postgres_up'],
    unready: ['postgres', 'search'],
    refused: {
      reads: UNAVAILABLE,
      // by an edit that nobody was told of
      edits: [...UNAVAILABLE, 'CONFLICT'],
      signUps: UNAVAILABLE,
    },
  },
  elasticsearch: {
    gauges: ['cinegraph_search_elasticsearch_up'],
    unready: [],
    refused: {},
    degraded: ['search'],
  },
  redis: {
    gauges: ['cinegraph_cache_redis_up', 'cinegraph_counters_redis_up'],
    unready: [],
    refused: { signUps: UNAVAILABLE },
  },
}

const isMissing = NAMES.some((name) => realServer(name) === undefined)

describe.skipIf(isMissing)('a whole Cinegraph at work', { timeout: NO_HURRY_MS }, () => {
  const servers = new Map<Name, OpenedServer>()
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  let audit: Audit
  beforeAll(async () => {
    await Promise.all(NAMES.map(async (name) => servers.set(name, await openServer(name))))
    const urlOf = (name: Name) => servers.get(name)!.url
    // a busy machine is no outage
    const redis = `${urlOf('redis')}?budgetMs=3000`
    const env = {
      ...{ DATABASE_URL: urlOf('postgres'), SEARCH_URL: urlOf('elasticsearch') },
      ...{ CACHE_URL: redis, COUNTERS_URL: redis, ...CHEAP_PASSWORDS },
      // each who signs up comes from elsewhere
      TRUST_PROXY: 'loopback',
    }
    cinegraph = await startCinegraph(env, 'in-process')
    const { url, databaseUrl, searchUrl } = cinegraph
    audit = await openAudit({ url, databaseUrl, searchUrl, eventLogUrl: databaseUrl })
  }, NO_HURRY_MS)
  // after Cinegraph has ended
  afterAll(() => Promise.all([...servers.values()].map((it) => it.close())), NO_HURRY_MS)

  const get = async (path: string) => (await fetch(`${cinegraph.url}${path}`)).text()

  /** Names on `/readyz` of what is not ready. */
  async function unready(): Promise<string[]> {
    const { services } = JSON.parse(await get('/readyz')) as {
      services: Record<string, { ready: boolean }>
    }
    return Object.keys(services).filter((name) => !services[name]!.ready)
  }

  async function expectShown({ gauges }: Absence, value: 0 | 1, names: readonly string[]) {
    const [metrics, named] = await Promise.all([get('/metrics'), unready()])
    expect(metrics.split('\n')).toEqual(
      expect.arrayContaining(gauges.map((name) => `${name} ${value}`)),
    )
    expect(named).toEqual(names)
  }

  async function startLoad(editor: string): Promise<Load> {
    const { url, secrets } = cinegraph
    const password = secrets.demoPasswords.viewer
    const load = new Load({ url, login: 'viewer', password, editor })
    await load.start()
    await load.during(async () => {})
    return load
  }

  const cases = NAMES.flatMap((name) =>
    (Object.keys(WAYS) as Way[]).map((way) => [name, way] as const),
  )

  test.each(cases)(
    'whose %s %s loses nothing, keeps nobody waiting, says so, and recovers by itself',
    async (name, way) => {
      const absence = ABSENCES[name]
      const [go, comeBack] = WAYS[way]
      const editor = await cinegraph.tokenOf('editor')
      const load = await startLoad(editor)
      const logged = cinegraph.log().length

      await go(servers.get(name)!)
      // all of it while the server is away: nobody waits for its return
      await load.during(async () => {})
      await eventually(async () => {
        await expectShown(absence, 0, absence.unready)
        expect(cinegraph.log().slice(logged).map(engineOf)).toContain(name)
      })
      if (absence.degraded) {
        const query = '{ searchFilms(text: "metropolis") { edges { node { title } } } }'
        const { data, errors, extensions } = await cinegraph.ask({ query, token: editor })
        expect(errors).toBeUndefined()
        expect(data).toEqual({ searchFilms: { edges: [{ node: { title: 'Metropolis' } }] } })
        expect(extensions).toEqual({ degraded: absence.degraded })
      }

      await comeBack(servers.get(name)!)
      await eventually(() => expectShown(absence, 1, []))
      await eventually(async () => {
        const before = refusals(load).length
        await load.during(async () => {})
        expect(refusals(load)).toHaveLength(before)
      })
      await load.stop()

      for (const [kind, errors] of Object.entries(load.failed)) {
        const allowed = absence.refused[kind as keyof Load['failed']] ?? []
        const others = errors.filter((it) => codesOf(it).some((code) => !allowed.includes(code)))
        expect(others, kind).toEqual([])
        // or there was no outage
        if (allowed.length > 0) expect(errors, kind).not.toHaveLength(0)
      }
      await audit.expectKept(load, editor)
    },
  )
})

const refusals = ({ failed }: Load) => Object.values(failed).flat()

/** Of what is no refusal, itself: it is never allowed. */
function codesOf(error: unknown): readonly string[] {
  if (error instanceof CinegraphError) return error.problems.map(({ code }) => code)
  return error instanceof RefusedError ? error.codes.map(String) : [String(error)]
}

/** The engine that a line of the log blames. */
const engineOf = ({ engine, err }: LogLine) =>
  engine ?? (err as { engine?: string } | undefined)?.engine
