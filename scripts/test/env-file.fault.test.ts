import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTestDatabase } from '@cinegraph/testkit/database'
import { realServer } from '@cinegraph/testkit/real-server'
import { expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'
import { ask } from './harness.js'
import { openLauncher } from './launcher.js'

const { folder, launch, start } = await openLauncher({ preload: ['./scripts/env.mjs'] })

// by the servers that there are: what `npm run servers -- up` writes
const { url } = await createTestDatabase()
const elasticsearch = realServer('elasticsearch')
const servers = Object.entries({
  DATABASE_URL: url,
  SEARCH_URL: elasticsearch && `${elasticsearch}/?prefix=env-file-${randomUUID()}`,
  EVENT_LOG_URL: realServer('kafka'),
  CACHE_URL: realServer('redis'),
  COUNTERS_URL: realServer('redis'),
}).filter(([, url]) => url !== undefined)

test('npm start runs on the servers of the file ENV_FILE; what the environment says comes first', async () => {
  const file = path.join(folder, 'servers.env')
  const settings = [...servers, ['PORT', 'many']]
  await writeFile(file, settings.map(([name, value]) => `${name}=${value}\n`).join(''))
  const given = Object.fromEntries(servers.map(([name]) => [name, undefined]))
  const { child, ended, output, url } = await start({ ...given, ENV_FILE: file })
  for (const [, server] of servers) expect(output()).toContain(new URL(server!).host)
  const query = '{ searchFilms(text: "metropolis", language: EN) { edges { node { slug } } } }'
  const { data } = await ask(url, { query })
  expect(data).toEqual({ searchFilms: { edges: [{ node: { slug: 'metropolis-1927' } }] } })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('a file ENV_FILE that is not there is told by its path', async () => {
  const { ended, output } = launch({ ENV_FILE: 'no/such.env' })
  expect(await ended).toEqual([1, null])
  expect(output()).toBe(`ENV_FILE: there is no file ${path.join(ROOT, 'no/such.env')}\n`)
})
