/** The program that sends a client's request, as the gateway saw it. Nothing here proves who asks. */
export interface Client {
  /** IP address, without port. */
  readonly address: string | undefined
  /** What it says of itself, at most 512 characters. */
  readonly userAgent: string | undefined
}

/** Headers in which the gateway tells a subgraph of the client; what a client sends under these names is not passed on. */
export const CLIENT_HEADERS = {
  address: 'x-cinegraph-client-address',
  userAgent: 'x-cinegraph-client-agent',
} as const

export const MAX_USER_AGENT_LENGTH = 512

/** Headers are ASCII; a name or an address that is missing has none. */
export function clientHeaders({ address, userAgent }: Client): Record<string, string> {
  return {
    ...(address === undefined ? {} : { [CLIENT_HEADERS.address]: address }),
    ...(userAgent === undefined
      ? {}
      : { [CLIENT_HEADERS.userAgent]: userAgent.slice(0, MAX_USER_AGENT_LENGTH) }),
  }
}

export const clientFrom = (header: (name: string) => string | undefined): Client => ({
  address: header(CLIENT_HEADERS.address),
  userAgent: header(CLIENT_HEADERS.userAgent)?.slice(0, MAX_USER_AGENT_LENGTH),
})
