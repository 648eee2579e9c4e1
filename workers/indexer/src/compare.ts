import { documentDigest } from '@cinegraph/engines/search/document-digest'
import type { DocumentDigest, IndexContent } from '@cinegraph/engines/search/search-index'
import { batches } from './batches.js'
import type { CatalogueSource } from './catalogue-source.js'
import { type EntityByKind, type EntityKind, project } from './project.js'

export interface CompareOptions {
  source: CatalogueSource
  search: Pick<IndexContent, 'digests'>
  /** Called for each that the catalogue has, equal or not. */
  onCompared?: (kind: EntityKind) => void
}

/** `missing`: only the catalogue has it. `surplus`: only the index has it. `different`: the index has another document of it. */
export interface Difference {
  readonly kind: EntityKind
  readonly id: string
  readonly problem: 'missing' | 'surplus' | 'different'
}

const DIGESTS_AT_ONCE = 1_000
/** Of suspects that are looked at again together. */
const SUSPECTS = 200

/**
 * Where catalogue and index differ, in the order of ids; a page of either is held at once, however many there are. What changes
 * meanwhile is no difference: whatever seems to be one is read again on both sides before it is told.
 */
export async function* differences(
  kind: EntityKind,
  options: CompareOptions,
): AsyncGenerator<Difference> {
  for await (const ids of batches(suspects(kind, options), SUSPECTS)) {
    yield* await differencesOf(kind, ids, options)
  }
}

/** The same of some ids. */
export async function differencesOf(
  kind: EntityKind,
  ids: readonly string[],
  { source, search }: Pick<CompareOptions, 'source' | 'search'>,
): Promise<Difference[]> {
  const { entities } = await source.read(kind, { ids })
  const expected = new Map(entities.map((entity) => [entity.id, digestOf(kind, entity)]))
  const found = await search.digests(kind, { ids })
  const indexed = new Map(found.map(({ id, digest }) => [id, digest]))
  return ids.flatMap((id) => {
    const problem = problemOf(expected.get(id), indexed.get(id))
    return problem ? [{ kind, id, problem }] : []
  })
}

function problemOf(
  expected: string | undefined,
  indexed: string | undefined,
): Difference['problem'] | undefined {
  if (expected === indexed) return undefined
  if (indexed === undefined) return 'missing'
  return expected === undefined ? 'surplus' : 'different'
}

/** Ids that are not on both sides, or not with the same digest, as far as one pass can tell. */
async function* suspects(
  kind: EntityKind,
  { source, search, onCompared }: CompareOptions,
): AsyncGenerator<string> {
  const digests = allDigests(kind, search)
  let indexed = await digests.next()
  for await (const { entity } of source.all(kind)) {
    for (; !indexed.done && indexed.value.id < entity.id; indexed = await digests.next()) {
      yield indexed.value.id
    }
    if (indexed.done || indexed.value.id !== entity.id) {
      yield entity.id
    } else {
      if (indexed.value.digest !== digestOf(kind, entity)) yield entity.id
      indexed = await digests.next()
    }
    onCompared?.(kind)
  }
  for (; !indexed.done; indexed = await digests.next()) yield indexed.value.id
}

async function* allDigests(
  kind: EntityKind,
  search: CompareOptions['search'],
): AsyncGenerator<DocumentDigest, undefined> {
  for (let after: string | null = null; ;) {
    const page: readonly DocumentDigest[] = await search.digests(kind, {
      after,
      limit: DIGESTS_AT_ONCE,
    })
    yield* page
    if (page.length < DIGESTS_AT_ONCE) return undefined
    after = page.at(-1)!.id
  }
}

// the version is no part of the digest
const digestOf = <K extends EntityKind>(kind: K, entity: EntityByKind[K]) =>
  documentDigest(project(kind, entity, 0))
