import { readFile } from 'node:fs/promises'
import { ConfigError } from '@cinegraph/kit/config'
import { createViewerSigner } from '@cinegraph/kit/identity'
import type { GatewayConfig } from './config.js'
import type { GatewayOptions } from './gateway.js'
import { examplesIn } from './http/explorer-examples.js'

/** What the settings of a gateway's own process ask for. Files it cannot read are a ConfigError. */
export async function optionsFrom(
  config: GatewayConfig,
): Promise<Omit<GatewayOptions, 'log' | 'metrics'>> {
  const key = config.GATEWAY_SIGNING_KEY
  return {
    supergraphSdl: await readSetting('SUPERGRAPH_PATH', config.SUPERGRAPH_PATH),
    host: config.HOST,
    port: config.PORT,
    subgraphUrls: config.SUBGRAPH_URLS,
    subgraphCookies: config.SUBGRAPH_COOKIES,
    trustProxy: config.TRUST_PROXY,
    signViewer: key && (await createViewerSigner(key)),
    tokens: tokensFrom(config),
    cors: config.CORS_ORIGINS ?? 'development',
    explorer: await explorerFrom(config),
    introspection: config.INTROSPECTION,
    unauthorizedFields: config.UNAUTHORIZED_FIELDS,
    limits: {
      requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
      subgraphTimeoutMs: config.SUBGRAPH_TIMEOUT_MS,
      subgraphConnectTimeoutMs: config.SUBGRAPH_CONNECT_TIMEOUT_MS,
      subgraphConnections: config.SUBGRAPH_CONNECTIONS,
      subgraphResponseLimitBytes: config.SUBGRAPH_RESPONSE_LIMIT_BYTES,
      bodyLimitBytes: config.BODY_LIMIT_BYTES,
    },
    operationLimits: {
      characters: config.MAX_OPERATION_CHARACTERS,
      tokens: config.MAX_OPERATION_TOKENS,
      depth: config.MAX_OPERATION_DEPTH,
      fields: config.MAX_OPERATION_FIELDS,
      rootFields: config.MAX_OPERATION_ROOT_FIELDS,
      aliases: config.MAX_OPERATION_ALIASES,
      directives: config.MAX_OPERATION_DIRECTIVES,
      nodes: config.MAX_OPERATION_NODES,
    },
  }
}

function tokensFrom(config: GatewayConfig): GatewayOptions['tokens'] {
  const { JWKS_URL, REVOCATIONS_URL } = config
  if (JWKS_URL === undefined) return undefined
  return {
    jwksUrl: new URL(JWKS_URL),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    cookie: config.ACCESS_TOKEN_COOKIE,
    renewalFields: config.TOKEN_RENEWAL_FIELDS,
    revocationsUrl: REVOCATIONS_URL === undefined ? undefined : new URL(REVOCATIONS_URL),
  }
}

async function explorerFrom({ EXPLORER, EXPLORER_EXAMPLES }: GatewayConfig) {
  if (EXPLORER === 'off') return undefined
  if (EXPLORER_EXAMPLES === undefined) return { page: EXPLORER }
  const examples = await readSetting('EXPLORER_EXAMPLES', EXPLORER_EXAMPLES)
  try {
    examplesIn(examples)
  } catch (error) {
    throw new ConfigError([`EXPLORER_EXAMPLES: ${EXPLORER_EXAMPLES}: ${String(error)}`])
  }
  return { page: EXPLORER, examples }
}

async function readSetting(setting: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new ConfigError([`${setting}: ${path}: ${reason}`])
  })
}
