import { DependencyError } from '@cinegraph/kit/errors'
import type { estypes } from '@elastic/elasticsearch'
import { readStored } from './bulk.js'
import { type Connection, isGone, type Query, Refusal, refusalOf } from './connection.js'

type Body = Omit<estypes.SearchRequest, 'index'>
export type Found<S> = estypes.SearchResponse<S>

/** Questions to an index, by its name or an alias. Throws DependencyError. */
export interface Reader {
  /** Whatever is left out of the answer is no answer: it throws. */
  search<S>(body: Body): Promise<Found<S>>
  /** Several at once, in one request. */
  searchAll<S>(bodies: readonly Body[]): Promise<Found<S>[]>
  count(query: Query): Promise<number>
  /** Documents by key, `undefined` where there is none. */
  documents<S>(keys: readonly string[], fields: readonly string[]): Promise<(S | undefined)[]>
  /** The stems of words, each of which is one. */
  stems(words: readonly string[]): Promise<string[]>
}

const MOST_WORDS = 5_000

export function createReader({ read }: Pick<Connection, 'read'>, index: string): Reader {
  const reader: Reader = {
    search: <S>(body: Body) =>
      again(() =>
        read('search', (client, options) =>
          client.search<S>({ index, allow_partial_search_results: false, ...body }, options),
        ),
      ),
    async searchAll<S>(bodies: readonly Body[]) {
      if (bodies.length === 0) return []
      const searches = bodies.flatMap((body) => [
        { index, allow_partial_search_results: false },
        body as estypes.MsearchMultisearchBody,
      ])
      return again(async () => {
        const { responses } = await read('search', (client, options) =>
          client.msearch<S>({ searches }, options),
        )
        return responses.map((it) => answerOf(it) as Found<S>)
      })
    },
    async count(query) {
      const found = await reader.search({ query, size: 0, track_total_hits: true })
      return totalOf(found)
    },
    async documents<S>(keys: readonly string[], fields: readonly string[]) {
      if (keys.length === 0) return []
      const found = await again(() => readStored<S>({ read }, index, { keys, fields }))
      return keys.map((key) => found.get(key)!.source)
    },
    async stems(words) {
      const stems: string[] = []
      for (let from = 0; from < words.length; from += MOST_WORDS) {
        const text = words.slice(from, from + MOST_WORDS)
        const { tokens } = await read('analyze', (client, options) =>
          client.indices.analyze({ index, analyzer: 'stems', text }, options),
        )
        stems.push(...tokens!.map(({ token }) => token))
      }
      return stems
    },
  }
  return reader
}

export const totalOf = ({ hits: { total } }: Found<unknown>): number =>
  typeof total === 'object' ? total.value : (total ?? 0)

function answerOf(response: estypes.MsearchResponseItem) {
  if (!('error' in response)) return response
  const { type, reason } = response.error
  const cause = new Refusal(response.status, type, reason ?? '')
  throw new DependencyError('elasticsearch', 'search: refused', { cause })
}

/** An index that took the place of another while it was searched is found by its alias the second time. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!isGone(error) && (refusalOf(error)?.status ?? 0) < 500) throw error
    return ask()
  }
}
