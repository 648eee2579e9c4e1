import { ConfigError } from '@cinegraph/kit/config'
import { expect, test } from 'vitest'
import { checkSettings } from './check-settings.js'

const problemsOf = async (env: Record<string, string>) => {
  const error = await checkSettings(env).catch((it: unknown) => it)
  return error instanceof ConfigError ? error.problems : error
}

test('nothing has to be set', async () => {
  expect(await problemsOf({})).toBeUndefined()
})

test('the problems of every part are told at once, each once', async () => {
  const problems = await problemsOf({
    PORT: 'first',
    MAIL_URL: 'pigeon:',
    REFRESH_TOKEN_DAYS: '0',
    EXPLORER: 'on',
    OUTBOX_BATCH: 'many',
  })
  const names = (problems as string[]).map((it) => it.split(':')[0])
  expect(names.toSorted()).toEqual([
    'EXPLORER',
    'MAIL_URL',
    'OUTBOX_BATCH',
    'PORT',
    'REFRESH_TOKEN_DAYS',
  ])
})

test('a file that is not there is among them', async () => {
  expect(await problemsOf({ SUPERGRAPH_PATH: 'nowhere.graphql', DEMO_DATA: 'maybe' })).toEqual([
    expect.stringMatching(/^DEMO_DATA: /),
    'SUPERGRAPH_PATH: nowhere.graphql: there is no such file',
  ])
})
