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

// headers are ASCII, and a log or a page that shows them expects no control characters
const UNPRINTABLE = /[^\x20-\x7e]/g

/** A name or an address that is missing has no header; of a name only what is printable ASCII goes on. */
export function clientHeaders({ address, userAgent }: Client): Record<string, string> {
  const printable = userAgent?.replace(UNPRINTABLE, '').trim().slice(0, MAX_USER_AGENT_LENGTH)
  return {
    ...(address === undefined ? {} : { [CLIENT_HEADERS.address]: address }),
    ...(printable ? { [CLIENT_HEADERS.userAgent]: printable } : {}),
  }
}

export const clientFrom = (header: (name: string) => string | undefined): Client => ({
  address: header(CLIENT_HEADERS.address),
  userAgent: header(CLIENT_HEADERS.userAgent)?.slice(0, MAX_USER_AGENT_LENGTH),
})
