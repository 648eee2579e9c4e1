import type { Socket } from 'node:net'
import pg from 'pg'

type Callback = (...outcome: unknown[]) => void

/**
 * A client that breaks its connection when a statement has no answer for so many milliseconds. Postgres itself ends what runs too long,
 * so then it is the way there that is gone, and neither TCP nor Postgres would tell for a quarter of an hour. A transaction
 * that gives its statements more time with `SET LOCAL statement_timeout` has all the time that it wants, and so has a session from
 * `SET statement_timeout` to `RESET statement_timeout`.
 */
export function answeredClient(patienceMs: number): new () => pg.Client {
  return class AnsweredClient extends pg.Client {
    #isLong = false

    override query(...given: unknown[]): never {
      const [what] = given
      this.#isLong = isLongAfter(textOf(what), this.#isLong)
      if (this.#isLong || isSubmittable(what)) return this.#send(given) as never
      const timer = setTimeout(() => this.#giveUp(), patienceMs)
      const last = given.at(-1)
      if (typeof last === 'function') {
        const callback: Callback = (...outcome) => {
          clearTimeout(timer)
          ;(last as Callback)(...outcome)
        }
        return this.#send([...given.slice(0, -1), callback]) as never
      }
      const answer = this.#send(given) as Promise<unknown>
      return answer.finally(() => clearTimeout(timer)) as never
    }

    #send(given: unknown[]): unknown {
      const send = super.query.bind(this) as (...given: unknown[]) => unknown
      return send(...given)
    }

    #giveUp(): void {
      const { connection } = this as unknown as { connection: { stream: Socket } }
      connection.stream.destroy(new Error(`postgres has not answered for ${patienceMs} ms`))
    }
  }
}

/** Of a cursor or a copy: it is read at the pace of the reader. */
const isSubmittable = (what: unknown): boolean =>
  typeof what === 'object' && what !== null && 'submit' in what

const textOf = (what: unknown): string =>
  typeof what === 'string' ? what : ((what as { text?: string }).text ?? '')

function isLongAfter(text: string, before: boolean): boolean {
  if (/^\s*SET (LOCAL )?statement_timeout/i.test(text)) return true
  return before && !/^\s*(BEGIN|COMMIT|ROLLBACK|RESET statement_timeout)\s*;?\s*$/i.test(text)
}
