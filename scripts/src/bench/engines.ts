import type { Progress } from '@cinegraph/kit/progress'
import { describeComparison } from './compare.js'
import { benchMemoryCache, benchRedisCache } from './engines/cache.js'
import { benchMemoryCounters, benchRedisCounters } from './engines/counters.js'
import { benchKafka } from './engines/kafka.js'
import { measureInto, type Measurement } from './engines/measure.js'
import { benchSearch, type SearchRounds } from './engines/search.js'
import { missingOf, type Server, type Servers } from './engines/servers.js'

export interface EnginesRounds extends SearchRounds {
  /** Of what takes about a millisecond. */
  readonly operations: number
  readonly searches: number
  readonly consumings: number
  /** Records of each of these. */
  readonly records: number
}

/** Some minutes. */
export const FULL: EnginesRounds = {
  ...{ operations: 1_000, searches: 200, consumings: 12 },
  ...{ records: 20_000, films: 5_000, texts: 10 },
}
/** Whether it runs; the figures mean nothing. */
export const QUICK: EnginesRounds = {
  ...{ operations: 2, searches: 2, consumings: 1 },
  ...{ records: 200, films: 200, texts: 2 },
}

export interface EnginesReport {
  readonly missing: readonly Server[]
  readonly measurements: readonly Measurement[]
}

export interface EnginesBench {
  /** Of an empty Postgres. */
  readonly url: string
  readonly rounds: EnginesRounds
  readonly servers: Servers
}

/** Measures each adapter beside its vendor's client alone, on the same server. */
export async function benchEngines(
  { url, rounds, servers }: EnginesBench,
  progress: Progress,
): Promise<EnginesReport> {
  const report: Measurement[] = []
  const times = (rounds: number) => measureInto({ rounds, progress, report })
  const { kafka, elasticsearch, redis } = servers
  const { records, films, texts } = rounds
  await benchMemoryCache(times(rounds.operations))
  await benchMemoryCounters(times(rounds.operations))
  if (redis !== undefined) {
    await benchRedisCache(redis, times(rounds.operations))
    await benchRedisCounters(redis, times(rounds.operations))
  }
  if (kafka !== undefined) {
    const [append, consume] = [times(rounds.operations), times(rounds.consumings)]
    await benchKafka(kafka, { append, consume, records })
  }
  await benchSearch({ url, elasticsearch, films, texts }, times(rounds.searches))
  return { missing: missingOf(servers), measurements: report }
}

export const describeEngines = ({ missing, measurements }: EnginesReport): string =>
  [
    ...measurements.map(({ title, comparison }) => describeComparison(title, comparison)),
    ...(missing.length > 0 ? [describeMissing(missing)] : []),
  ].join('\n\n')

const describeMissing = (missing: readonly Server[]): string =>
  [
    `Not measured, for want of a server: ${missing.join(', ')}. To start what is missing:`,
    `  npm run servers -- up ${missing.join(' ')}`,
    '  export ENV_FILE=.cinegraph/servers/env',
  ].join('\n')
