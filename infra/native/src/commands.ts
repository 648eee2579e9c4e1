import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Progress } from '@cinegraph/kit/progress'
import type { Wanted } from './arguments.js'
import type { Places } from './config.js'
import { renderEnvironment } from './environment.js'
import { PS, unmet } from './requirements.js'
import {
  deleteServer,
  makeStateFolder,
  serverStatus,
  type ServerStatus,
  type Site,
  startServer,
  stopServer,
} from './server.js'
import { SERVER_NAMES, type ServerName } from './server-kind.js'
import { writePrivate } from './server-record.js'
import { SERVERS } from './servers/index.js'
import { withLock } from './wait-for-lock.js'

/** A machine lacks what servers need; a line each. */
export class UnmetError extends Error {
  override readonly name = 'UnmetError'
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'))
  }
}

const siteOf = (name: ServerName, places: Places): Site => ({ kind: SERVERS[name], ...places })

/** Starts servers and waits until each answers. One that fails does not keep others from starting. */
export async function up(
  wanted: readonly Wanted[],
  places: Places,
  progress: Progress,
): Promise<void> {
  await checkRequirements(wanted, places)
  await exclusively(places, progress, async () => {
    const outcomes = await Promise.allSettled(
      wanted.map((it) => startOne(it, siteOf(it.name, places), progress)),
    )
    throwFailures(outcomes)
  })
}

async function checkRequirements(wanted: readonly Wanted[], { cache }: Places): Promise<void> {
  const needs = await Promise.all(
    wanted.map(async ({ name }) => {
      const kind = SERVERS[name]
      const installing = (await kind.find(cache)) ? [] : kind.toInstall
      const all = [PS, ...kind.toRun, ...installing]
      return all.map((requirement) => ({ server: name, requirement }))
    }),
  )
  const lines = await unmet(needs.flat(), cache)
  if (lines.length > 0) throw new UnmetError(lines)
}

async function startOne({ name, port }: Wanted, site: Site, progress: Progress): Promise<void> {
  const { kind, cache } = site
  if (!(await kind.find(cache))) {
    await progress.step(
      name,
      () => kind.install(cache),
      ({ version }) => `${version} fetched`,
    )
  }
  await progress.step(
    name,
    async () => ({ how: await startServer(site, { port }), status: await serverStatus(site) }),
    ({ how, status }) => `${how}, ${whereOf(status)}`,
  )
}

const whereOf = (status: ServerStatus) =>
  status.phase === 'runs' ? `127.0.0.1:${status.port}, process ${status.pid}` : status.phase

/** Ends servers, or those of them that run. With `remove` their data goes too. */
export async function down(
  names: readonly ServerName[],
  { remove, ...places }: Places & { remove: boolean },
  progress: Progress,
): Promise<void> {
  await exclusively(places, progress, async () => {
    const outcomes = await Promise.allSettled(
      names.map((name) =>
        progress.step(
          name,
          async () => {
            const site = siteOf(name, places)
            const ran = await stopServer(site)
            if (remove) await deleteServer(site)
            return ran
          },
          (ran) => `${ran ? 'stopped' : 'did not run'}${remove ? ', data deleted' : ''}`,
        ),
      ),
    )
    throwFailures(outcomes)
  })
}

/** Nobody else starts or ends servers of this state folder meanwhile; afterwards its settings are true. */
async function exclusively(
  places: Places,
  progress: Progress,
  work: () => Promise<void>,
): Promise<void> {
  const { state } = places
  await makeStateFolder(state)
  const tellWait = (pid: number) => progress.say(`Process ${pid} is at work on them: waiting`)
  await withLock(
    state,
    async () => {
      try {
        await work()
      } finally {
        await mkdir(path.dirname(places.settings), { recursive: true })
        await writePrivate(places.settings, renderEnvironment(await urls(places)))
      }
    },
    tellWait,
  )
}

/** All that went wrong. */
function throwFailures(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failures = outcomes.filter((it) => it.status === 'rejected').map((it) => it.reason as Error)
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'))
}

export const status = (places: Places): Promise<ServerStatus[]> =>
  Promise.all(SERVER_NAMES.map((name) => serverStatus(siteOf(name, places))))

/** Where the servers are that run. */
async function urls(places: Places): Promise<Map<ServerName, string>> {
  const running = (await status(places)).filter((it) => it.phase === 'runs')
  return new Map(running.map(({ name, url }) => [name, url]))
}
