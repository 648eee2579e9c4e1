import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseEnv } from 'node:util'
import { defineConfig } from 'vitest/config'

const ignored = ['**/node_modules/**', '**/dist/**']
const suffixes = ['contract', 'subgraph', 'e2e', 'fault', 'migration', 'browser']

// where real servers are; what it makes Cinegraph use is not for tests, which have databases and prefixes of their own
const { ENV_FILE } = process.env
const settings = ENV_FILE ? parseEnv(readFileSync(ENV_FILE, 'utf8')) : {}
for (const [name, value] of Object.entries(settings)) {
  if (name.startsWith('TEST_')) process.env[name] ??= value
}

// ten processes take longer to start than one
const inProcesses = process.env['E2E_TARGET'] === 'processes'
const patience = inProcesses ? 10 : 1
// kills and replaces each of them: too long for every run
const ONLY_IN_PROCESSES = ['scripts/test/twins.fault.test.ts']

/** A project per suffix; `unit` is what has none of them. */
const project = (name: string) => ({
  extends: true as const,
  test: {
    name,
    include: [name === 'unit' ? '**/*.test.ts' : `**/*.${name}.test.ts`],
    exclude: [
      ...ignored,
      ...(inProcesses ? [] : ONLY_IN_PROCESSES),
      ...(name === 'unit' ? suffixes.map((it) => `**/*.${it}.test.ts`) : []),
    ],
  },
})

export default defineConfig({
  // two copies of graphql in one process refuse each other's types
  resolve: {
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    conditions: ['source'],
  },
  // where global set-up runs
  environments: { __vitest__: { resolve: { conditions: ['source'] } } },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  oxc: { decorator: { legacy: true } },
  test: {
    // half of the time of a file is Postgres's, or nobody's
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000 * patience,
    hookTimeout: 180_000 * patience,
    allowOnly: false,
    passWithNoTests: false,
    // once per run, whatever the projects; it does nothing for unit tests alone
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    projects: ['unit', ...suffixes.slice(0, 5)].map(project),
  },
})
