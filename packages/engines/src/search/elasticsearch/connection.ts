import { DependencyError } from '@cinegraph/kit/errors'
import { Client, errors, type estypes, type TransportRequestOptions } from '@elastic/elasticsearch'
import type { SearchMetrics } from './metrics.js'
import type { ElasticsearchUrl } from './elasticsearch-url.js'

/** Milliseconds that one question may take; a write may be of five megabytes. */
export const READ_MS = 2_000
const WRITE_MS = 30_000

export type Query = estypes.QueryDslQueryContainer
type Asked<T> = (client: Client, options: TransportRequestOptions) => Promise<T>

/** What Elasticsearch said when it refused, without what it was asked: that may be a whole document. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly status: number,
    /** Of the error, e.g. `index_not_found_exception`. */
    readonly type: string,
    reason: string,
  ) {
    super(`${type}: ${reason.slice(0, 300)}`)
  }
}

export interface ConnectionOptions {
  url: ElasticsearchUrl
  metrics: SearchMetrics
  /** Milliseconds that one question may take. */
  readMs?: number | undefined
}

/** Asks Elasticsearch, once: whoever asks has a fallback or is asked again. Throws DependencyError. */
export class Connection {
  readonly #client: Client
  readonly #readMs: number

  constructor(private readonly options: ConnectionOptions) {
    const { node, auth } = options.url
    this.#readMs = options.readMs ?? READ_MS
    this.#client = new Client({
      ...{ node, maxRetries: 0, redaction: { type: 'remove' } },
      ...(auth && { auth }),
      name: 'cinegraph',
    })
  }

  readonly read = <T>(operation: string, asked: Asked<T>): Promise<T> =>
    this.#ask(operation, asked, this.#readMs)

  readonly write = <T>(operation: string, asked: Asked<T>): Promise<T> =>
    this.#ask(operation, asked, WRITE_MS)

  close(): Promise<void> {
    return this.#client.close()
  }

  async #ask<T>(operation: string, asked: Asked<T>, requestTimeout: number): Promise<T> {
    const { seconds, failures } = this.options.metrics
    const answered = seconds.startTimer({ operation })
    try {
      const answer = await asked(this.#client, { requestTimeout })
      answered()
      return answer
    } catch (error) {
      const { reason, cause } = problemOf(error)
      failures.inc({ reason })
      throw new DependencyError('elasticsearch', `${operation}: ${reason}`, { cause })
    }
  }
}

/** The refusal behind what `Connection` throws, if it is one. */
export const refusalOf = (error: unknown): Refusal | undefined =>
  error instanceof DependencyError && error.cause instanceof Refusal ? error.cause : undefined

/** Whether Elasticsearch is to blame for an error, and not what it was asked. */
export function isOutage(error: DependencyError): boolean {
  const { status } = refusalOf(error) ?? { status: 503 }
  return status === 429 || status >= 500
}

export const isGone = (error: unknown): boolean =>
  refusalOf(error)?.type === 'index_not_found_exception'

/** An error of the client carries the whole request, which no log has to know. */
function problemOf(error: unknown): { reason: 'late' | 'lost' | 'refused'; cause: unknown } {
  if (error instanceof errors.ResponseError) {
    const { type = 'error', reason = '' } = described(error.body)
    return { reason: 'refused', cause: new Refusal(error.statusCode ?? 0, type, reason) }
  }
  if (error instanceof errors.TimeoutError) return { reason: 'late', cause: plain(error) }
  if (error instanceof errors.ElasticsearchClientError) {
    return { reason: 'lost', cause: plain(error) }
  }
  throw error
}

const plain = ({ name, message }: Error) => new Error(`${name}: ${message}`)

function described(body: unknown): { type?: string; reason?: string } {
  const { error } = (body ?? {}) as { error?: { type?: string; reason?: string } | string }
  return typeof error === 'string' ? { type: 'error', reason: error } : (error ?? {})
}
