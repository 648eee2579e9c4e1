import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { realServer } from '@cinegraph/testkit/real-server'
import { afterAll, expect, test } from 'vitest'
import { SERVERS } from '../src/bench/engines/servers.js'
import { ROOT } from '../src/paths.js'

const run = promisify(execFile)
const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-bench-test-'))
afterAll(() => rm(folder, { recursive: true }))

const bench = (...args: string[]) =>
  run(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', 'scripts/src/bench.ts', ...args],
    { cwd: ROOT },
  )

const positive = expect.toSatisfy((it) => typeof it === 'number' && it > 0) as number
const times = {
  ...{ name: expect.any(String) as string, p50: positive },
  ...{ p95: positive, p99: positive },
}
const compared = { baseline: times, candidate: times, ratio: positive, separability: positive }

// also that the answers it compares are equal: it fails where they are not
test('npm run bench -- users measures everything, on nothing but itself', async () => {
  const file = path.join(folder, 'report.json')
  const { stdout } = await bench('users', '--quick', '--json', file)
  const report = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>
  const rate = { perSecond: positive, p50: positive, p99: positive }
  expect(report['logIns']).toMatchObject({ logIns: rate, verifications: rate, ratio: positive })
  for (const part of ['refusals', 'enforcement']) {
    const comparisons = Object.entries(report[part]!)
    expect(comparisons).toHaveLength(4)
    for (const [name, it] of comparisons) {
      expect(it).toEqual(compared)
      expect(stdout).toContain(name)
    }
  }
}, 120_000)

test('npm run bench -- editing finds what it edited, and reindexes all films', async () => {
  const file = path.join(folder, 'editing.json')
  await bench('editing', '--quick', '--json', file)
  const spread = { p50: positive, p99: positive, max: positive }
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    edits: {
      ...{
        edits: 20,
        perSecond: positive,
        ratio: positive,
        followed: positive,
        searches: positive,
      },
      ...{ mutation: spread, update: spread, searchable: spread, search: spread },
    },
    reindexing: [{ films: 2_000, comparison: compared }],
  })
}, 120_000)

test('npm run bench -- catalogue measures every operation with every number of films', async () => {
  const file = path.join(folder, 'catalogue.json')
  const films = ['--films', '150', '--films', '300']
  const { stdout } = await bench('catalogue', '--quick', ...films, '--json', file)
  const { sizes, growth } = JSON.parse(await readFile(file, 'utf8')) as {
    sizes: { films: number; operations: { name: string; statements: number }[] }[]
    growth: { name: string; flat: boolean }[]
  }
  expect(sizes.map((it) => it.films)).toEqual([150, 300])
  for (const { operations } of sizes) {
    for (const operation of operations) {
      expect(operation).toMatchObject({ comparison: compared, perSecond: positive })
      expect(operation.statements).toBeGreaterThan(0)
      expect(stdout).toContain(operation.name)
    }
    expect(operations.map((it) => it.name)).toEqual(growth.map((it) => it.name))
  }
  // a film by id and by slug, and four lists
  expect(growth.filter(({ flat }) => flat)).toHaveLength(6)
}, 300_000)

test('npm run bench -- engines measures the engines that there are, and names the others', async () => {
  const file = path.join(folder, 'engines.json')
  const { stdout } = await bench('engines', '--quick', '--json', file)
  const { missing, measurements } = JSON.parse(await readFile(file, 'utf8')) as {
    missing: string[]
    measurements: { title: string; comparison: object }[]
  }
  expect(missing).toEqual(SERVERS.filter((server) => realServer(server) === undefined))
  for (const { title, comparison } of measurements) {
    expect(comparison).toEqual(compared)
    expect(stdout).toContain(title)
  }
  const of = (engine: string) =>
    measurements.filter(({ title }) => title.includes(` in ${engine}:`))
  expect([of('memory').length, of('Postgres').length]).toEqual([2, 4])
  const real = { kafka: 3, elasticsearch: 4, redis: 7 }
  for (const server of SERVERS) {
    const measured = of(`${server[0]!.toUpperCase()}${server.slice(1)}`)
    expect(measured).toHaveLength(missing.includes(server) ? 0 : real[server])
  }
  expect(stdout.includes(`npm run servers -- up ${missing.join(' ')}`)).toBe(missing.length > 0)
}, 240_000)

test('what it does not know it does not measure', async () => {
  const refused = { code: 2, stderr: expect.stringContaining('Usage: npm run bench') as string }
  await expect(bench('films')).rejects.toMatchObject(refused)
  await expect(bench('users', '--slow')).rejects.toMatchObject(refused)
  await expect(bench('catalogue', '--films', 'many')).rejects.toMatchObject(refused)
}, 240_000)
