import { gatewayConfig } from '@cinegraph/gateway/config'
import { optionsFrom } from '@cinegraph/gateway/options'
import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { outboxConfig } from '@cinegraph/outbox/config'
import { usersConfig, usersSettings } from '@cinegraph/users/config'
import { cinegraphConfig } from './config.js'
import { completeEnv, type Env, makeSecrets } from './secrets.js'

/** What a start finds out or makes by itself, where nobody has set it. */
const MADE_AT_START = {
  DATABASE_URL: 'postgresql://127.0.0.1/made-at-start',
  EVENT_LOG_URL: 'postgresql://127.0.0.1/made-at-start',
  MAIL_URL: 'file:made-at-start',
  MAIL_FROM: 'mail@cinegraph.localhost',
}

/** Reads the settings of every part before anything is started or written. One ConfigError names all problems. */
export async function checkSettings(env: Env): Promise<void> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const complete = completeEnv({ ...MADE_AT_START, ...given }, await makeSecrets())
  const found = await Promise.all([
    problemsOf(() => parseConfig(cinegraphConfig, env)),
    problemsOf(() => usersSettings(parseConfig(usersConfig, complete))),
    problemsOf(() => parseConfig(outboxConfig, complete)),
    problemsOf(() => optionsFrom(parseConfig(gatewayConfig, complete))),
  ])
  const problems = found.flat()
  // parts that share a setting may put what is wrong with it in different words
  const told = problems.filter((it, at) => problems.findIndex(sameSetting(it)) === at)
  if (told.length > 0) throw new ConfigError(told)
}

const settingOf = (problem: string): string => problem.split(':')[0]!

const sameSetting = (one: string) => (other: string) => settingOf(one) === settingOf(other)

async function problemsOf(read: () => unknown): Promise<readonly string[]> {
  try {
    await read()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
