import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { ReplyError } from 'ioredis'
import { connectProblem } from './connect-problem.js'
import { connect, type Connection, MAX_RECONNECT_MS, openConnection } from './connection.js'
import { createRedisMetrics } from './metrics.js'
import { Outage } from './outage.js'
import type { RedisUrl } from './redis-url.js'

export type Argument = string | number

type Send<Command extends string> = (
  command: Command,
  args: readonly Argument[],
) => Promise<unknown>

export interface RedisOptions<Command extends string> {
  url: RedisUrl
  /** Name of the setting, for errors. */
  setting: string
  /** What stands on it, e.g. `cache`: for metrics, logs, and the name of the connection. */
  use: string
  /** Lua by the name of the command. */
  scripts: Readonly<Record<Command, string>>
  log: Logger | undefined
  metrics: Registry | undefined
  /** Catches up with what was not sent while Redis was away; only then it is asked again. Also on start. */
  onReturn?: (send: Send<Command>) => Promise<void>
}

/** Why there is no answer. */
type Reason = 'late' | 'lost' | 'skipped' | 'refused'

/**
 * One connection to a Redis, which is asked by scripts only. When an answer does not come in time, or the connection breaks,
 * it is passed over: everything throws at once. A PING behind what was late tells when it has come to itself.
 */
export class Redis<Command extends string> {
  readonly #options: RedisOptions<Command>
  readonly #main: Connection
  readonly #connections: Connection[]
  readonly #outage: Outage
  readonly #measured: ReturnType<typeof createRedisMetrics>
  #up = false
  #comingBack = false
  #refusal = ''

  constructor(options: RedisOptions<Command>) {
    const { url, use, scripts, log, metrics } = options
    this.#options = options
    this.#main = openConnection(url, use)
    this.#connections = [this.#main]
    this.#outage = new Outage(log, use)
    this.#measured = createRedisMetrics({ registry: metrics, use, isUp: () => this.#up })
    for (const [name, lua] of Object.entries<string>(scripts)) {
      this.#main.client.defineCommand(name, { lua, numberOfKeys: 0 })
    }
  }

  /** Whether it is asked, or passed over. */
  get up(): boolean {
    return this.#up
  }

  /** Throws a ConfigError when there is no Redis, or it refuses us. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#connections.map(connect))
    } catch (error) {
      this.stop()
      throw connectProblem(error as Error, this.#options)
    }
    await this.#comeBack()
    this.#main.client.on('close', () => this.#goDown('lost'))
    this.#main.client.on('ready', () => void this.#comeBack())
  }

  stop(): void {
    this.#up = false
    this.#outage.stop()
    for (const { client } of this.#connections) client.disconnect()
  }

  /** Calls `onMessage` with what is published in `channel`, over a connection of its own. Before `start`. */
  listen(channel: string, onMessage: (message: string) => void): void {
    const { url, use, log } = this.#options
    const listener = openConnection(url, use)
    this.#connections.push(listener)
    listener.client.on('message', (_channel, message) => onMessage(message))
    listener.client.on('ready', () => {
      listener.client.subscribe(channel).catch((error: unknown) => {
        log?.warn({ use, problem: (error as Error).message }, 'cannot listen to redis')
      })
    })
  }

  /**
   * The answer, within the budget. Throws a DependencyError; then Redis may still carry the command out, and `late` gets
   * the answer if it comes after all.
   */
  readonly ask = (
    command: Command,
    args: readonly Argument[],
    late?: (answer: unknown) => void,
  ): Promise<unknown> => {
    if (!this.#up) return Promise.reject(this.#failure('skipped', command))
    const { seconds } = this.#measured
    const answered = seconds.startTimer({ command })
    const reply = this.#send(command, args)
    return new Promise((resolve, reject) => {
      let waiting = true
      const tooLate = () => {
        if (!waiting) return
        waiting = false
        reject(this.#failure('late', command))
        if (late) reply.then(late, () => {})
      }
      // an answer that came while this process was busy is read first
      const timer = setTimeout(() => setImmediate(tooLate), this.#options.url.budgetMs)
      const settle = (outcome: () => void) => {
        clearTimeout(timer)
        if (waiting) outcome()
        waiting = false
      }
      reply.then(
        (answer) =>
          settle(() => {
            answered()
            resolve(answer)
          }),
        (error: unknown) =>
          settle(() => {
            const reason = error instanceof ReplyError ? 'refused' : 'lost'
            reject(this.#failure(reason, command, error as Error))
          }),
      )
    })
  }

  readonly #send: Send<Command> = (command, args) =>
    (
      this.#main.client as unknown as Record<
        Command,
        (args: readonly Argument[]) => Promise<unknown>
      >
    )[command](args)

  /** Notes what went wrong, and makes the error of it. */
  #failure(reason: Reason, command: Command, cause?: Error): DependencyError {
    this.#measured.errors.inc({ reason })
    // the client notes what was sent, which no log has to know
    if (cause) Reflect.deleteProperty(cause, 'command')
    if (reason === 'refused') this.#complain(cause!)
    else this.#goDown(reason)
    return new DependencyError('redis', `${command}: ${reason}`, { cause })
  }

  #complain({ message }: Error): void {
    const { log, use } = this.#options
    if (message !== this.#refusal) log?.error({ use, problem: message }, 'redis refuses a command')
    this.#refusal = message
  }

  #goDown(reason: Reason): void {
    if (!this.#up) return
    this.#up = false
    this.#outage.begin(reason, () => this.#main.lastError?.message)
    void this.#comeBack()
  }

  async #comeBack(): Promise<void> {
    const { client } = this.#main
    if (this.#comingBack) return
    this.#comingBack = true
    // once the connection is lost there is a new one to wait for
    while (!this.#up && client.status === 'ready') {
      try {
        await client.ping()
        // late answers, which came before this one, are seen to first
        await immediate()
        await this.#options.onReturn?.(this.#send)
        this.#up = true
        this.#main.lastError = undefined
        this.#outage.end()
      } catch (error) {
        this.#main.lastError = error as Error
        await sleep(MAX_RECONNECT_MS, undefined, { ref: false })
      }
    }
    this.#comingBack = false
  }
}
