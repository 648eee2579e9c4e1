import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { separateAuthorization } from '@cinegraph/gateway/authorization/directives'
import { parseConfig } from '@cinegraph/kit/config'
import { type Service, stopAll } from '@cinegraph/kit/lifecycle'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import { createProgress } from '@cinegraph/kit/progress'
import {
  passwordHasherEnv,
  passwordHasherOptions,
} from '@cinegraph/users/accounts/password-hasher.env'
import type { PasswordHasherOptions } from '@cinegraph/users/accounts/password-hasher'
import { parse } from 'graphql'
import { z } from 'zod'
import { createCinegraph } from '../all-in-one/cinegraph.js'
import { cinegraphConfig } from '../all-in-one/config.js'
import { createOwnGateway } from '../all-in-one/gateway.js'
import { completeEnv, type Env, makeSecrets } from '../all-in-one/secrets.js'
import { SUPERGRAPH } from '../paths.js'
import { type Client, openClient } from './client.js'
import { openPeople, type People } from './people.js'

/** What is measured: a Cinegraph with the demo catalogue, and people in it. */
export interface Stage {
  readonly gateway: Client
  /** The same subgraphs behind a gateway whose supergraph guards nothing. */
  readonly unguarded: Client
  readonly people: People
  /** Cost of a password hash, as it is when nothing is set. */
  readonly cost: PasswordHasherOptions
}

/** Attempts are not what is measured: nobody waits for the next one. */
const UNLIMITED = {
  LOGIN_FREE_ATTEMPTS: '1000',
  LOGIN_ADDRESS_FREE_ATTEMPTS: '1000000',
  ARGON2_QUEUE: '10000',
  ARGON2_QUEUE_PER_ADDRESS: '10000',
}
const STOP_MS = 30_000
const log = createLogger({ name: 'bench', level: 'error' })

/** Runs `use` on a database, which may be empty; of the environment nothing counts but what is in `settings`. */
export async function withStage<T>(
  databaseUrl: string,
  use: (stage: Stage) => Promise<T>,
  settings: Env = {},
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-bench-'))
  const running: Service[] = []
  const run = async <S extends Service>(service: S): Promise<S> => {
    running.push(service)
    await service.start()
    return service
  }
  try {
    return await use(await openStage({ databaseUrl, folder, settings, run }))
  } finally {
    await stopAll(running, AbortSignal.timeout(STOP_MS))
    await rm(folder, { recursive: true })
  }
}

interface StageOptions {
  databaseUrl: string
  /** For what Cinegraph keeps in files. */
  folder: string
  settings: Env
  run: <S extends Service>(service: S) => Promise<S>
}

async function openStage({ databaseUrl, folder, settings, run }: StageOptions): Promise<Stage> {
  const secrets = await makeSecrets()
  const given = { PORT: '0', DATABASE_URL: databaseUrl, CINEGRAPH_DATA: folder }
  const env = { ...UNLIMITED, ...given, ...settings }
  const config = parseConfig(cinegraphConfig, env)
  const progress = createProgress(() => {})
  const cinegraph = await run(createCinegraph({ config, env, secrets, log, progress }))
  const baseline = await run(
    await createOwnGateway({
      env: await withoutGuards(completeEnv(env, secrets), folder),
      log,
      metrics: createMetrics(),
      subgraphs: cinegraph.subgraphs,
      dependencies: [],
    }),
  )
  const postgres = await run(openPostgres({ url: databaseUrl, owner: 'users', log }))
  const gateway = await run(openClient(cinegraph.url))
  const unguarded = await run(openClient(baseline.url))
  const cost = passwordHasherOptions(parseConfig(z.object(passwordHasherEnv), env))
  return { gateway, unguarded, cost, people: await openPeople(gateway, { postgres, cost }) }
}

/** Settings of a gateway that enforces nothing, its supergraph in `folder`. */
async function withoutGuards(env: Env, folder: string): Promise<Env> {
  const { supergraphSdl } = separateAuthorization(parse(await readFile(SUPERGRAPH, 'utf8')))
  const file = path.join(folder, 'unguarded.graphql')
  await writeFile(file, supergraphSdl)
  return { ...env, SUPERGRAPH_PATH: file }
}
