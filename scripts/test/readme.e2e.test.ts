import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { parse, print } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { FIRST_LOOK, ROOT } from '../src/paths.js'
import { startCinegraph } from './harness.js'

const read = (file: string) => readFile(path.join(ROOT, file), 'utf8')
const readme = await read('README.md')
const BLOCK = /```graphql\n(.*?)```\n\n```json\n(.*?)```/gs
const queries = [...readme.matchAll(BLOCK)].map(([, query, answer]) => ({
  query: query!,
  answer: JSON.parse(answer!) as unknown,
  name: query!.split(/[ ({]/)[1]!,
}))

describe('the README', () => {
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  beforeAll(async () => {
    cinegraph = await startCinegraph()
  })

  test('has six queries', () => {
    expect(queries).toHaveLength(6)
  })

  test.each(queries)('tells the truth about $name', async ({ query, answer }) => {
    expect(await cinegraph.ask({ query })).toEqual(answer)
  })

  test('shows the queries that the explorer opens with', async () => {
    const shown = parse(await readFile(FIRST_LOOK, 'utf8')).definitions.map(print)
    expect(queries.map(({ query }) => print(parse(query)).trim())).toEqual(shown)
  })

  test('shows how to log in', async () => {
    const mutation = /```graphql\n(mutation .*?)```/s.exec(readme)![1]!
    const variables = { login: 'viewer', password: cinegraph.secrets.demoPasswords.viewer }
    const { logIn } = await cinegraph.data({ query: mutation, variables })
    const { accessToken: token } = logIn as { accessToken: string }
    const { me } = await cinegraph.data({
      query: queries.find((it) => it.name === 'Me')!.query,
      token,
    })
    expect(me).toEqual({ login: 'viewer', roles: ['user'] })
  })
})

test('every npm script that the README names exists', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run ([\w:-]+)|^\| `run ([\w:-]+)/gm)].map(
    (it) => it[1] ?? it[2],
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !(name! in scripts))).toEqual([])
})

test.each([
  'README.md',
  'docs/architecture.md',
  'docs/operations.md',
  'docs/from-rest.md',
  'docs/import.md',
  'docs/benchmarks.md',
])('every link of %s leads to something', async (file) => {
  const text = await read(file)
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((it) => it[1]!)
  const broken: string[] = []
  for (const link of links) {
    const there = await stat(path.join(ROOT, path.dirname(file), link)).catch(() => undefined)
    if (!there) broken.push(link)
  }
  expect(links.length).toBeGreaterThan(0)
  expect(broken).toEqual([])
})
