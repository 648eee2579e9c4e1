import { createHash } from 'node:crypto'
import { ConfigError } from '@cinegraph/kit/config'
import type { estypes } from '@elastic/elasticsearch'
import { type Connection, refusalOf } from './connection.js'
import { MAPPINGS, SETTINGS } from './mapping.js'

/** To be raised with any change of what is written for a document: of folding, of a field, of what makes a word. */
export const DOCUMENTS_VERSION = 1
const OURS = 'cinegraph search index'

/** The names of the indexes of a release. All but the first are aliases. */
export interface Names {
  /** Of all releases. */
  readonly prefix: string
  /** What this release reads: the index that there is. */
  readonly current: string
  /** The one that is built to take its place. */
  readonly next: string
  /** The index, of any release, that was completed last, and those that were. */
  readonly complete: string
  readonly superseded: string
}

/** Another version of the documents or of their mapping has indexes of its own. */
export function namesOf(prefix: string, documentsVersion: number): Names {
  const version = JSON.stringify([MAPPINGS, SETTINGS, documentsVersion])
  const release = createHash('sha256').update(version).digest('hex').slice(0, 8)
  const current = `${prefix}-${release}`
  return {
    ...{ prefix, current, next: `${current}-next` },
    ...{ complete: `${prefix}-complete`, superseded: `${prefix}-superseded` },
  }
}

/** The name by which an index is written: an alias, because a write by its own name would make one that was deleted anew. */
export const written = (index: string): string => `${index}-written`

export interface Index {
  readonly name: string
  /** What the names of all indexes of its release begin with. */
  readonly release: string
  readonly aliases: ReadonlySet<string>
  /** When the first index of its release was made: milliseconds since 1970, by Elasticsearch's clock. */
  readonly made: number
}

/** All indexes of ours, or those of a release. */
export async function listIndexes({ read }: Connection, name: string): Promise<Index[]> {
  const found = await read('list', (client, options) =>
    client.indices.get(
      { index: `${name}-*`, features: ['aliases', 'mappings', 'settings'] },
      options,
    ),
  )
  return Object.entries(found).flatMap(([index, { aliases = {}, mappings, settings }]) => {
    const meta = metaOf(mappings)
    if (!meta) return []
    const made = meta.made ?? Number(settings?.index?.creation_date ?? settings?.creation_date)
    const release = index.slice(0, index.lastIndexOf('-'))
    return [{ name: index, release, aliases: new Set(Object.keys(aliases)), made }]
  })
}

const metaOf = (mappings: estypes.MappingTypeMapping | undefined) => {
  const meta = mappings?._meta as { what?: string; made?: number } | undefined
  return meta?.what === OURS ? meta : undefined
}

/** The index that an alias stands for, if any. */
export async function resolve(
  { read }: Connection,
  { current, next }: Names,
): Promise<{ current: string | undefined; next: string | undefined }> {
  const found = await read('resolve', (client, options) =>
    client.indices.getAlias({ index: `${current}-*` }, options),
  )
  const named = (alias: string) =>
    Object.entries(found).find(([, { aliases }]) => alias in aliases)?.[0]
  return { current: named(current), next: named(next) }
}

/** Makes an empty index where there is none, and touches no other; any number of processes may call it at once. */
export async function ensureIndex(connection: Connection, names: Names): Promise<void> {
  const { current } = await resolve(connection, names)
  if (current !== undefined) return
  const first = `${names.current}-0`
  await createIndex(connection, first).catch(async (error: unknown) => {
    if (refusalOf(error)?.type !== 'resource_already_exists_exception') throw error
    const there = await listIndexes(connection, names.current)
    // another process was faster
    if (there.some(({ name }) => name === first)) return
    throw new ConfigError([`SEARCH_URL: there is an index ${first} that is not ours`])
  })
  await publish(connection, first, names.current)
}

/** `made`: when the first of its release was, unless this is it. */
export async function createIndex(
  { write }: Connection,
  name: string,
  made?: number,
): Promise<void> {
  await write('create', (client, options) =>
    client.indices.create(
      {
        index: name,
        aliases: { [written(name)]: {} },
        settings: SETTINGS,
        mappings: { ...MAPPINGS, _meta: { what: OURS, ...(made !== undefined && { made }) } },
      },
      options,
    ),
  )
}

/** Gives an index a name by which others find it, once it answers. */
export async function publish({ write }: Connection, index: string, alias: string): Promise<void> {
  await write('wait', (client, options) =>
    client.cluster.health({ index, wait_for_status: 'yellow', timeout: '20s' }, options),
  )
  await write('publish', (client, options) =>
    client.indices.putAlias({ index, name: alias }, options),
  )
}

export async function deleteIndex({ write }: Connection, index: string): Promise<void> {
  await write('delete', (client, options) =>
    client.indices.delete({ index, ignore_unavailable: true }, options),
  )
}

export async function refreshIndex({ write }: Connection, index: string): Promise<void> {
  await write('refresh', (client, options) => client.indices.refresh({ index }, options))
}
