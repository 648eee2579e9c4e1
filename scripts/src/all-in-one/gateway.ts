import { gatewayConfig } from '@cinegraph/gateway/config'
import { createGateway, type Gateway, type GatewayOptions } from '@cinegraph/gateway/gateway'
import type { Fetch } from '@cinegraph/gateway/identity/key-source'
import { optionsFrom } from '@cinegraph/gateway/options'
import { parseConfig } from '@cinegraph/kit/config'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { inProcessFetch } from '@cinegraph/kit/http/in-process-fetch'
import type { Env } from './secrets.js'

export interface OwnGatewayOptions extends Pick<
  GatewayOptions,
  'log' | 'metrics' | 'dependencies'
> {
  env: Env
  subgraphs: readonly Subgraph[]
}

/** The gateway over subgraphs of this process; one that SUBGRAPH_URLS names is called there instead. */
export async function createOwnGateway(options: OwnGatewayOptions): Promise<Gateway> {
  const { env, subgraphs, ...rest } = options
  const { tokens, ...settings } = await optionsFrom(parseConfig(gatewayConfig, env))
  const local = subgraphs.filter(({ name }) => !(name in (settings.subgraphUrls ?? {})))
  const users = local.find(({ name }) => name === 'users')
  return createGateway({
    ...settings,
    ...rest,
    tokens: tokens && { ...tokens, fetch: users && (await fetchFrom(users)) },
    subgraphs: Object.fromEntries(local.map((subgraph) => [subgraph.name, subgraph])),
  })
}

/** A `fetch` for which the host with the subgraph's name is this process. */
async function fetchFrom({ name, publicRoutes }: Subgraph): Promise<Fetch> {
  const inProcess = await inProcessFetch(publicRoutes)
  return (url, init) => (new URL(url).host === name ? inProcess(url, init) : fetch(url, init))
}
