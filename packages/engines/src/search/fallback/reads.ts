import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import { within } from '@cinegraph/kit/within'
import type { HitPage, RefusedList, SearchIndex } from '../search-index.js'
import type { Health } from './health.js'

export interface ReadsOptions {
  primary: SearchIndex
  standby: SearchIndex
  health: Health
  isOutage: (error: DependencyError) => boolean
  /** Counts what the standby answers in the place of the primary. */
  fallback: () => void
  log: Logger
  budgetMs: number
}

type Listed = HitPage<{ cursor: string }>
type Listing<P> = readonly (P | RefusedList)[]

// what a cursor begins with: a list is continued where it was begun
const OF_PRIMARY = 'p.'
const OF_STANDBY = 's.'

const late = (problem: string) => new DependencyError('elasticsearch', problem)

/** Questions to the primary, or to the standby while that cannot be asked or does not answer in time. */
export function createReads(options: ReadsOptions) {
  const { primary, standby, health, isOutage, fallback, log, budgetMs } = options

  /** Undefined when the standby has to be asked instead. While the primary is doubted it has only to do what nobody else can. */
  const askPrimary = async <T>(ask: (index: SearchIndex) => Promise<T>, onlyItCan = false) => {
    const { state } = health
    if (state !== 'up' && !(state === 'doubted' && onlyItCan)) return undefined
    try {
      return { answer: await within(ask(primary), budgetMs, late) }
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error
      if (isOutage(error)) health.doubt(error)
      else log.error({ err: error }, 'the search index refused a question')
      return undefined
    }
  }

  const read = async <T>(ask: (index: SearchIndex) => Promise<T>): Promise<T> => {
    const answered = await askPrimary(ask)
    if (answered) return answered.answer
    fallback()
    return ask(standby)
  }

  /** The same of a page. Throws DependencyError when it continues a list of the primary, which does not answer. */
  const readPage = async <Q extends { after?: string }, P extends Listed>(
    query: Q,
    ask: (index: SearchIndex, query: Q) => Promise<P>,
  ): Promise<P> => {
    if (beganIn(query) !== OF_STANDBY) {
      const begun = beganIn(query) === OF_PRIMARY
      const answered = await askPrimary((index) => ask(index, continued(query)), begun)
      if (answered) return withCursors(answered.answer, OF_PRIMARY)
      if (begun) throw unavailable()
      fallback()
    }
    return withCursors(await ask(standby, continued(query)), OF_STANDBY)
  }

  /** The same of several pages: one that cannot be continued has its error in its place. */
  const readLists = async <Q extends { after?: string }, P extends Listed>(
    queries: readonly Q[],
    ask: (index: SearchIndex, queries: readonly Q[]) => Promise<Listing<P>>,
  ): Promise<Listing<P>> => {
    const pages = new Map<Q, P | RefusedList>()
    const keep = (asked: readonly Q[], found: Listing<P>, prefix: string) =>
      found.forEach((page, at) =>
        pages.set(asked[at]!, page instanceof Error ? page : withCursors(page, prefix)),
      )
    const begun = queries.filter((query) => beganIn(query) === OF_PRIMARY)
    const isUp = health.state === 'up'
    const first = isUp ? queries.filter((query) => beganIn(query) !== OF_STANDBY) : begun
    if (first.length > 0) {
      const answered = await askPrimary((index) => ask(index, first.map(continued)), true)
      if (answered) keep(first, answered.answer, OF_PRIMARY)
      else for (const query of begun) pages.set(query, unavailable())
    }
    const rest = queries.filter((query) => !pages.has(query))
    if (rest.some((query) => beganIn(query) !== OF_STANDBY)) fallback()
    if (rest.length > 0) keep(rest, await ask(standby, rest.map(continued)), OF_STANDBY)
    return queries.map((query) => pages.get(query)!)
  }

  return { read, readPage, readLists }
}

const beganIn = ({ after }: { after?: string }) => after?.slice(0, OF_PRIMARY.length)

const continued = <Q extends { after?: string }>(query: Q): Q =>
  query.after === undefined ? query : { ...query, after: query.after.slice(OF_PRIMARY.length) }

const unavailable = () =>
  new DependencyError('search', 'the list was begun by an index that does not answer now')

const withCursors = <P extends Listed>(page: P, prefix: string): P => ({
  ...page,
  hits: page.hits.map((hit) => ({ ...hit, cursor: prefix + hit.cursor })),
})
