import { randomUUID } from 'node:crypto'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Connection } from './connection.js'
import { written } from './indexes.js'

const LEASE_MS = 30_000
const RENEW_MS = 5_000
const KEY = 'lease'

// by Elasticsearch's clock: those of processes differ
const TAKE = `
boolean free = ctx.op == 'create' || ctx._source.until <= ctx._now || ctx._source.owner == params.owner;
if (free) { ctx._source.kind = 'lease'; ctx._source.owner = params.owner; ctx._source.until = ctx._now + params.ms; }
else { ctx.op = 'none'; }`

/** The right to rebuild an index, kept in the index itself. It ends with the process, after half a minute. */
export class Lease {
  readonly #owner = randomUUID()
  #renewing: NodeJS.Timeout | undefined

  constructor(
    private readonly connection: Connection,
    private readonly index: string,
  ) {}

  /** False when another has it. */
  async take(): Promise<boolean> {
    if (!(await this.#write(LEASE_MS))) return false
    const renew = () => void this.#write(LEASE_MS).catch(() => {})
    this.#renewing ??= setInterval(renew, RENEW_MS).unref()
    return true
  }

  /** Throws DependencyError when it was lost. */
  async confirm(): Promise<void> {
    if (await this.#write(LEASE_MS)) return
    throw new DependencyError('elasticsearch', 'another process has begun to rebuild the index')
  }

  /** It is gone with its index, too. */
  async release(): Promise<void> {
    clearInterval(this.#renewing)
    await this.#write(0).catch(() => {})
  }

  async #write(ms: number): Promise<boolean> {
    const { result } = await this.connection.write('lease', (client, options) =>
      client.update(
        {
          ...{ index: written(this.index), id: KEY, require_alias: true, retry_on_conflict: 5 },
          ...{ scripted_upsert: true, upsert: {} },
          script: { source: TAKE, params: { owner: this.#owner, ms } },
        },
        options,
      ),
    )
    return result !== 'noop'
  }
}
