import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { Redis as Client, ReplyError } from 'ioredis'
import { connectProblem } from './connect-problem.js'
import { createRedisMetrics } from './metrics.js'
import type { RedisUrl } from './redis-url.js'

/** Milliseconds that a question may add to a request. */
export const BUDGET_MS = 50
/** A connection on which nothing comes for so long although something was asked is given up for a new one. */
const DEAD_MS = 5_000
/** Milliseconds between two attempts to come back, at most. */
const MAX_RECONNECT_MS = 1_000

export interface RedisOptions<Command extends string> {
  url: RedisUrl
  /** Name of the setting, for errors. */
  setting: string
  /** What stands on it, e.g. `cache`: for metrics, and the name of the connection. */
  use: string
  /** Lua by the name of the command. */
  scripts: Readonly<Record<Command, string>>
  budgetMs?: number | undefined
  log: Logger | undefined
  metrics: Registry | undefined
  /** Catches up with what was not sent while Redis was away; only then it is asked again. */
  onReturn?: (send: Send<Command>) => Promise<void>
}

export type Argument = string | number

/**
 * One connection to a Redis, which is asked by scripts only. When an answer does not come in time, or the connection breaks, it is
 * passed over: everything throws at once. A PING behind what was late tells when it has come to itself. It connects again
 * for as long as it runs.
 */
export interface Redis<Command extends string> {
  /** Whether it is asked, or passed over. */
  readonly up: boolean
  /** Throws a ConfigError when there is no Redis, or it refuses us. */
  start(): Promise<void>
  readonly ask: Ask<Command>
  /** Calls `onMessage` with what is published in `channel`, over a connection of its own. Before `start`. */
  listen(channel: string, onMessage: (message: string) => void): void
  stop(): void
}

/**
 * The answer, within the budget. Throws a DependencyError; then Redis may still carry the command out, and `late` gets the
 * answer if it comes after all.
 */
export type Ask<Command extends string> = (
  command: Command,
  args: readonly Argument[],
  late?: (answer: unknown) => void,
) => Promise<unknown>

export function openRedis<Command extends string>(options: RedisOptions<Command>): Redis<Command> {
  const { url, setting, use, scripts, budgetMs = BUDGET_MS, log, onReturn } = options
  let up = false
  let comingBack = false
  let refusal = ''
  const measured = createRedisMetrics({ registry: options.metrics, use, isUp: () => up })

  const open = (): Connection => {
    const client = new Client({ ...clientOptions(url), connectionName: `cinegraph-${use}` })
    const connection: Connection = { client, lastError: undefined }
    // also keeps the client from printing it
    client.on('error', (error) => (connection.lastError = error))
    return connection
  }
  const main = open()
  const { client } = main
  const connections = [main]
  for (const [name, lua] of Object.entries<string>(scripts)) {
    client.defineCommand(name, { lua, numberOfKeys: 0 })
  }

  const send: Send<Command> = (command, args) =>
    (client as unknown as Record<Command, (args: readonly Argument[]) => Promise<unknown>>)[
      command
    ](args)

  const goDown = (reason: Reason) => {
    if (!up) return
    up = false
    const problem = main.lastError?.message
    log?.warn({ use, reason, problem }, 'redis does not answer and is passed over until it does')
    void comeBack()
  }

  const comeBack = async () => {
    if (comingBack) return
    comingBack = true
    // once the connection is lost there is a new one to wait for
    while (!up && client.status === 'ready') {
      try {
        await client.ping()
        // late answers, which came before this one, are seen to first
        await immediate()
        await onReturn?.(send)
        up = true
        main.lastError = undefined
      } catch (error) {
        main.lastError = error as Error
        await sleep(MAX_RECONNECT_MS, undefined, { ref: false })
      }
    }
    comingBack = false
  }
  client.on('close', () => goDown('lost'))

  const complain = (error: Error) => {
    if (error.message === refusal) return
    refusal = error.message
    log?.error({ use, problem: refusal }, 'redis refuses a command')
  }

  return {
    get up() {
      return up
    },
    async start() {
      try {
        await Promise.all(connections.map(connect))
      } catch (error) {
        for (const { client } of connections) client.disconnect()
        throw connectProblem(error as Error, { setting, url })
      }
      await comeBack()
      client.on('ready', () => {
        log?.info({ use }, 'redis is connected again')
        void comeBack()
      })
    },
    ask: (command, args, late) =>
      new Promise((resolve, reject) => {
        let waiting = true
        const fail = (reason: Reason, cause?: unknown) => {
          waiting = false
          measured.errors.inc({ reason })
          reject(new DependencyError('redis', `${command}: ${reason}`, { cause }))
        }
        if (!up) {
          fail('skipped')
          return
        }
        const answered = measured.seconds.startTimer({ command })
        const tooLate = () => {
          if (!waiting) return
          fail('late')
          goDown('late')
        }
        // an answer that came while this process was busy is read first
        const timer = setTimeout(() => setImmediate(tooLate), budgetMs)
        send(command, args).then(
          (answer) => {
            clearTimeout(timer)
            if (!waiting) {
              late?.(answer)
              return
            }
            waiting = false
            answered()
            resolve(answer)
          },
          (error: unknown) => {
            clearTimeout(timer)
            if (!waiting) return
            // the client notes what was sent, which no log has to know
            Reflect.deleteProperty(error as Error, 'command')
            const refused = error instanceof ReplyError
            fail(refused ? 'refused' : 'lost', error)
            if (refused) complain(error as Error)
            else goDown('lost')
          },
        )
      }),
    listen(channel, onMessage) {
      const listener = open()
      connections.push(listener)
      listener.client.on('message', (_channel, message) => onMessage(message))
      listener.client.on('ready', () => {
        listener.client.subscribe(channel).catch((error: unknown) => {
          log?.warn({ use, problem: (error as Error).message }, 'cannot listen to redis')
        })
      })
    },
    stop() {
      up = false
      for (const { client } of connections) client.disconnect()
    },
  }
}

interface Connection {
  readonly client: Client
  lastError: Error | undefined
}

type Send<Command> = (command: Command, args: readonly Argument[]) => Promise<unknown>

/** Why there is no answer. */
type Reason = 'late' | 'lost' | 'skipped' | 'refused'

async function connect(connection: Connection): Promise<void> {
  await connection.client.connect().catch((error: unknown) => {
    // the promise only knows that the connection was closed
    throw connection.lastError ?? error
  })
  // a database that there is not is no reason for the client to stop
  if (connection.lastError) throw connection.lastError
}

const clientOptions = ({ connection }: RedisUrl) => ({
  ...connection,
  lazyConnect: true,
  protocol: 2 as const,
  // what is asked while there is no connection fails at once, and nothing is sent twice
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  connectTimeout: DEAD_MS,
  socketTimeout: DEAD_MS,
  keepAlive: 2 * DEAD_MS,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_MS),
  // behind this name is a replica now: look again who the primary is
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
})
