import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import { within } from '@cinegraph/kit/within'
import { ENGINE } from './client.js'

interface Client {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

interface Held<C extends Client> {
  readonly client: C
  readonly connected: Promise<void>
  /** Who has not heard from it yet. */
  users: number
}

export interface Question<C, T> {
  /** What is done, for errors: `append to films`. */
  what: string
  work: (client: C) => Promise<T>
  /** Milliseconds until nobody waits any longer. */
  ms: number
  /** Whether it may be asked a second time after an error that passes. */
  again?: boolean
}

const PAUSE_MS = 100

/**
 * A client of Kafka that is replaced by a new one after any failure. A producer has to be: it numbers what it sends, and when
 * it does not know whether something arrived, it gives its numbers to what is sent next, which Kafka then takes for what
 * it has already, or refuses for ever. Of other clients nobody knows whether they recover.
 */
export class Renewed<C extends Client> {
  private held: Held<C> | undefined

  constructor(private readonly create: () => C) {}

  /** Throws a DependencyError. */
  async ask<T>({ what, work, ms, again = false }: Question<C, T>): Promise<T> {
    const until = performance.now() + ms
    for (;;) {
      try {
        return await this.use(work, until - performance.now())
      } catch (error) {
        if (!again || !mayPass(error) || performance.now() + PAUSE_MS > until) {
          throw new DependencyError(ENGINE, `could not ${what}`, { cause: error })
        }
        await sleep(PAUSE_MS)
      }
    }
  }

  /** As `ask`, once, with the client's own errors. */
  async use<T>(work: (client: C) => Promise<T>, ms: number): Promise<T> {
    const held = (this.held ??= this.open())
    held.users++
    const working = held.connected.then(() => work(held.client))
    // one that was given up may still be at work with it
    const done = () => {
      held.users--
      this.closeUnused(held)
    }
    working.then(done, done)
    try {
      return await within(working, ms)
    } catch (error) {
      if (this.held === held) this.held = undefined
      this.closeUnused(held)
      throw error
    }
  }

  /** No question may follow. */
  close(): void {
    const { held } = this
    this.held = undefined
    if (held) this.closeUnused(held)
  }

  private open(): Held<C> {
    const client = this.create()
    return { client, connected: client.connect(), users: 0 }
  }

  private closeUnused(held: Held<C>): void {
    if (held !== this.held && held.users === 0) held.client.disconnect().catch(() => {})
  }
}

/** The client marks what is final; that it did not find the coordinator of a group is not. */
const mayPass = (error: unknown): boolean =>
  (error as { retriable?: boolean }).retriable !== false ||
  (error as Error).name === 'KafkaJSGroupCoordinatorNotFound'
