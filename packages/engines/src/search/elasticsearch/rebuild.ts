import { randomBytes } from 'node:crypto'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { RebuildOutcome } from '../search-index.js'
import type { Connection } from './connection.js'
import {
  createIndex,
  deleteIndex,
  type Index,
  listIndexes,
  type Names,
  publish,
  refreshIndex,
  resolve,
} from './indexes.js'
import { Lease } from './lease.js'
import { recountAll } from './numbers.js'

export interface Rebuilt {
  connection: Connection
  log: Logger
  names: Names
}

/** Makes an index beside the one there is, lets `fill` fill it and exchanges the two. */
export async function rebuild(
  rebuilt: Rebuilt,
  fill: (next: string) => Promise<void>,
): Promise<RebuildOutcome> {
  const { connection, names } = rebuilt
  const { current } = await resolve(connection, names)
  if (current === undefined) throw new DependencyError('elasticsearch', 'the index is gone')
  const lease = new Lease(connection, current)
  if (!(await lease.take())) return 'busy'
  try {
    // another may have ended its own in between
    if ((await resolve(connection, names)).current !== current) return 'busy'
    await deleteLeftovers(connection, names, current)
    await fillAndExchange(rebuilt, { current, lease, fill })
  } finally {
    await lease.release()
  }
  await clearUp(rebuilt, current)
  return 'done'
}

interface Filling {
  readonly current: string
  readonly lease: Lease
  readonly fill: (next: string) => Promise<void>
}

async function fillAndExchange({ connection, names }: Rebuilt, { current, lease, fill }: Filling) {
  const { made } = await find(connection, names.current, current)
  const next = `${names.current}-${randomBytes(6).toString('hex')}`
  await createIndex(connection, next, made)
  try {
    await publish(connection, next, names.next)
    await fill(next)
    await refreshIndex(connection, next)
    await recountAll(connection, next)
    await lease.confirm()
    await exchange(connection, names, { current, next })
  } catch (error) {
    await discard(connection, names, next).catch(() => {})
    throw error
  }
}

/** What rebuilds have left behind that were killed. */
async function deleteLeftovers(connection: Connection, names: Names, current: string) {
  for (const { name } of await listIndexes(connection, names.current)) {
    if (name !== current) await deleteIndex(connection, name)
  }
}

/** Fails when it was exchanged after all, although nobody heard of it; and then it cannot be exchanged any more. */
async function discard(connection: Connection, names: Names, next: string): Promise<void> {
  const actions = [{ remove: { index: next, alias: names.next, must_exist: true } }]
  await connection.write('discard', (client, options) =>
    client.indices.updateAliases({ actions }, options),
  )
  await deleteIndex(connection, next)
}

/** At once: who has lost the lease has lost `next`, and exchanges nothing. */
async function exchange(
  connection: Connection,
  names: Names,
  { current, next }: { current: string; next: string },
): Promise<void> {
  const before = await completeIndex(connection, names)
  const actions = [
    { remove: { index: next, alias: names.next, must_exist: true } },
    { remove: { index: current, alias: names.current, must_exist: true } },
    { add: { index: next, alias: names.current } },
    { add: { index: next, alias: names.complete } },
    ...(before ? [{ remove: { index: before, alias: names.complete } }] : []),
    ...(before && before !== current ? [{ add: { index: before, alias: names.superseded } }] : []),
  ]
  await connection.write('exchange', (client, options) =>
    client.indices.updateAliases({ actions }, options),
  )
}

async function completeIndex(connection: Connection, names: Names): Promise<string | undefined> {
  const all = await listIndexes(connection, names.prefix)
  return all.find(({ aliases }) => aliases.has(names.complete))?.name
}

/**
 * Deletes the index that was replaced, and those made before this release's, but for the one superseded last: processes of that
 * release may still run, and a roll-back returns to it. What cannot be deleted now is left to the next rebuild.
 */
async function clearUp({ connection, log, names }: Rebuilt, replaced: string): Promise<void> {
  try {
    const all = await listIndexes(connection, names.prefix)
    const own = all.find(({ aliases }) => aliases.has(names.current))
    const outdated = own ? outdatedBy(own, all, names) : []
    for (const index of [replaced, ...outdated]) {
      await deleteIndex(connection, index)
      log.info({ index }, 'search index deleted')
    }
  } catch (error) {
    log.warn({ err: error }, 'could not delete search indexes that nobody needs')
  }
}

function outdatedBy(own: Index, all: readonly Index[], { superseded }: Names): string[] {
  const earlier = all.filter(({ made }) => made < own.made)
  const previous = earlier
    .filter(({ aliases }) => aliases.has(superseded))
    .toSorted((left, right) => right.made - left.made)[0]
  // with all that it has, also one that is being built
  return earlier.filter(({ release }) => release !== previous?.release).map(({ name }) => name)
}

async function find(connection: Connection, release: string, name: string): Promise<Index> {
  const found = (await listIndexes(connection, release)).find((it) => it.name === name)
  if (!found) throw new DependencyError('elasticsearch', 'the index is gone')
  return found
}
