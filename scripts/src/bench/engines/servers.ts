export const SERVERS = ['kafka', 'elasticsearch', 'redis'] as const
export type Server = (typeof SERVERS)[number]

/** URLs of real servers, as far as there are any. */
export type Servers = Readonly<Partial<Record<Server, string>>>

/** By TEST_KAFKA_URL and the like, as the file of `npm run servers -- up` has them. */
export function serversOf(env: Readonly<Record<string, string | undefined>>): Servers {
  const given = SERVERS.flatMap((server) => {
    const url = env[`TEST_${server.toUpperCase()}_URL`]?.trim()
    return url ? [[server, url]] : []
  })
  return Object.fromEntries(given) as Servers
}

export const missingOf = (servers: Servers): Server[] =>
  SERVERS.filter((server) => servers[server] === undefined)
