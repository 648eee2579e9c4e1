import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { folderProblem } from '@cinegraph/embedded/start-problems'
import { ConfigError } from '@cinegraph/kit/config'
import { parseJson } from '@cinegraph/kit/json'
import { ed25519Private, publicJwk } from '@cinegraph/kit/jwk'
import { REVOCATIONS_PATH } from '@cinegraph/users/revocations/revocations.route'
import { ACCESS_COOKIE, REFRESH_COOKIE } from '@cinegraph/users/sessions/session-cookies'
import { z } from 'zod'
import { FIRST_LOOK, SUPERGRAPH } from '../paths.js'

export type Env = Readonly<Record<string, string | undefined>>

const secrets = z.object({
  /** Ed25519 JWK with which the gateway signs viewers. */
  gatewaySigningKey: ed25519Private,
  usersKeyEncryptionSecret: z.string().min(32),
  /** Passwords of the demo accounts, by login. */
  demoPasswords: z.object({ admin: z.string(), editor: z.string(), viewer: z.string() }),
})
export type Secrets = z.output<typeof secrets>

export const secretsFile = (folder: string): string => path.join(folder, 'secrets.json')

/** The secrets of an embedded installation: made once, readable by their owner only. */
export async function loadSecrets(folder: string): Promise<Secrets> {
  const file = secretsFile(folder)
  await mkdir(folder, { recursive: true, mode: 0o755 }).catch((error: unknown) => {
    throw folderProblem(error, folder)
  })
  if (!(await exists(file))) await writeOnce(file, await makeSecrets())
  const stored = parseJson(await readFile(file, 'utf8'))
  const parsed = secrets.safeParse(withAdmin(stored))
  if (!parsed.success) {
    throw new ConfigError([
      `CINEGRAPH_DATA: ${file} is damaged: put it back from a backup, or begin anew with \`npm run reset\``,
    ])
  }
  if (!secrets.safeParse(stored).success) await replace(file, parsed.data)
  return parsed.data
}

const withoutAdmin = z.looseObject({
  usersKeyEncryptionSecret: z.string(),
  demoPasswords: z.looseObject({ admin: z.undefined().optional() }),
})

/**
 * Earlier versions made no password of a demo administrator. It comes from the other secrets, so that several processes that
 * fill it in have the same.
 */
function withAdmin(stored: unknown): unknown {
  const { data } = withoutAdmin.safeParse(stored)
  if (!data) return stored
  const admin = createHmac('sha256', data.usersKeyEncryptionSecret)
    .update('demo password of admin')
    .digest('base64url')
    .slice(0, 12)
  return { ...data, demoPasswords: { ...data.demoPasswords, admin } }
}

/** The file appears whole or not at all, whenever we are killed; of several writers the first wins. */
async function writeOnce(file: string, content: Secrets): Promise<void> {
  const draft = await writeDraft(file, content)
  await link(draft, file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  await rm(draft)
}

/** The file is the old one or the new one, whenever we are killed. */
async function replace(file: string, content: Secrets): Promise<void> {
  await rename(await writeDraft(file, content), file)
}

async function writeDraft(file: string, content: Secrets): Promise<string> {
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'w', 0o600)
  await handle.writeFile(JSON.stringify(content, null, 2))
  await handle.sync()
  await handle.close()
  return draft
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  )

export async function makeSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  return secrets.parse({
    gatewaySigningKey: await exportJWK(privateKey),
    usersKeyEncryptionSecret: random(32),
    demoPasswords: { admin: random(9), editor: random(9), viewer: random(9) },
  })
}

/** The settings in which secrets reach the processes that need them. */
export function envOf({ gatewaySigningKey, usersKeyEncryptionSecret }: Secrets) {
  const signingKey = JSON.stringify(gatewaySigningKey)
  return {
    GATEWAY_SIGNING_KEY: signingKey,
    GATEWAY_PUBLIC_KEY: publicPartOf(signingKey),
    USERS_KEY_ENCRYPTION_SECRET: usersKeyEncryptionSecret,
  }
}

/**
 * Fills in what the processes of a cluster would be given and an embedded installation makes itself. The gateway's keys
 * are a pair: a given one brings its own other half.
 */
export function completeEnv(given: Env, secrets: Secrets): Env {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
  const own = envOf(secrets)
  const { GATEWAY_SIGNING_KEY: signingKey = own.GATEWAY_SIGNING_KEY } = env
  return {
    SUPERGRAPH_PATH: SUPERGRAPH,
    EXPLORER_EXAMPLES: FIRST_LOOK,
    JWKS_URL: usersUrl('/.well-known/jwks.json', env['SUBGRAPH_URLS']),
    REVOCATIONS_URL: usersUrl(REVOCATIONS_PATH, env['SUBGRAPH_URLS']),
    ACCESS_TOKEN_COOKIE: ACCESS_COOKIE,
    TOKEN_RENEWAL_FIELDS: 'refreshSession,logOut',
    SUBGRAPH_COOKIES: `users=${ACCESS_COOKIE},users=${REFRESH_COOKIE}`,
    ...own,
    ...env,
    // whatever was set: the subgraphs of this process answer this gateway
    GATEWAY_PUBLIC_KEY: publicPartOf(signingKey),
  }
}

/** Where users answers: in this process, for which the host `users` stands, or where SUBGRAPH_URLS says that it is. */
function usersUrl(path: string, subgraphUrls = ''): string {
  const users = /(?:^|,)\s*users\s*=\s*([^,\s]+)/.exec(subgraphUrls)?.[1]
  return users !== undefined && URL.canParse(users)
    ? new URL(path, users).href
    : `http://users${path}`
}

/** What is no key at all is left for the config to name. */
function publicPartOf(signingKey: string): string {
  const parsed = publicJwk.safeParse(signingKey)
  return parsed.success ? JSON.stringify(parsed.data) : signingKey
}
