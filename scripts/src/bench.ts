import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { benchUsers, describeUsers, FULL, QUICK } from './bench/users.js'
import { withTemporaryDatabase } from './database.js'
import { createProgress } from './progress.js'

const USAGE = `Usage: npm run bench -- users [--quick] [--json FILE]
  users    log-ins, what the time of a refusal tells, the cost of authorization in the gateway
  --quick  a few rounds of each: whether it runs, not how fast
  --json   writes the report into a file as well`

function readArgs(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
    })
    return positionals.join() === 'users' ? values : undefined
  } catch {
    return undefined
  }
}

/** Measures on a database of its own, which goes away. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const given = readArgs(args)
  if (!given) {
    console.error(USAGE)
    return 2
  }
  const progress = createProgress((text) => process.stderr.write(text))
  const rounds = given.quick ? QUICK : FULL
  const report = await withTemporaryDatabase((url) => benchUsers(url, rounds, progress))
  console.log(describeUsers(report))
  if (given.json !== undefined) await writeFile(given.json, `${JSON.stringify(report, null, 2)}\n`)
  return 0
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) =>
  failProcess('bench', error),
)
