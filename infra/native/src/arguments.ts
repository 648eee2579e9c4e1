import { SERVER_NAMES, type ServerName } from './server-kind.js'

/** A server that was asked for, and the port it is to have. */
export interface Wanted {
  readonly name: ServerName
  readonly port?: number
}

/** Words such as `kafka` or `redis:6379`; all servers when there are none. What is no server is an error that says what is. */
export function parseWanted(words: readonly string[]): Wanted[] {
  if (words.length === 0) return SERVER_NAMES.map((name) => ({ name }))
  const wanted = new Map(words.map(parseOne).map((it) => [it.name, it]))
  return [...wanted.values()]
}

function parseOne(word: string): Wanted {
  const [, given, port] = /^([^:]*)(?::(\d{1,5}))?$/.exec(word) ?? []
  const name = SERVER_NAMES.find((it) => it === given)
  if (name === undefined || (port !== undefined && !isPort(Number(port)))) {
    throw new UsageError(
      `"${word}" is no server: give ${SERVER_NAMES.join(', ')}, with a port as in redis:6379`,
    )
  }
  return { name, ...(port === undefined ? {} : { port: Number(port) }) }
}

const isPort = (port: number) => port >= 1 && port <= 65_535

/** The command was called in a way that it does not have. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
