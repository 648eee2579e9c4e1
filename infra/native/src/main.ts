import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { createProgress } from '@cinegraph/kit/progress'
import { parseWanted, UsageError } from './arguments.js'
import { down, status, UnmetError, up } from './commands.js'
import { readPlaces } from './config.js'
import { logFile } from './server.js'
import { SERVER_NAMES } from './server-kind.js'
import { SERVERS } from './servers/index.js'
import { describeStatus } from './status-table.js'

const USAGE = `Usage:
  npm run servers -- up [NAME[:PORT] …]         starts servers that do not run, and waits until they answer
  npm run servers -- down [NAME …] [--delete]   ends them; --delete deletes their data
  npm run servers -- status                     which run, where, since when, and whether they answer
  npm run servers -- logs NAME [--follow]       the end of what a server wrote
Names are ${SERVER_NAMES.join(', ')}; without any, all are meant.
`

const print = (text: string) => process.stdout.write(text)

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { delete: { type: 'boolean' }, follow: { type: 'boolean', short: 'f' } },
  })
  const [command, ...words] = positionals
  const progress = createProgress(print)
  const places = await readPlaces()
  switch (command) {
    case 'up':
      await up(parseWanted(words), places, progress)
      print(`Used with ENV_FILE=${shown(places.settings)}\n`)
      return 0
    case 'down': {
      const names = parseWanted(words).map(({ name }) => name)
      await down(names, { ...places, remove: values.delete ?? false }, progress)
      return 0
    }
    case 'status': {
      const all = await status(places)
      print(describeStatus(all))
      return all.some((it) => it.phase === 'died' || (it.phase === 'runs' && it.problem)) ? 1 : 0
    }
    case 'logs': {
      const [wanted, ...others] = parseWanted(words)
      if (!wanted || others.length > 0) throw new UsageError('logs takes the name of one server')
      return tail(logFile(places.state, SERVERS[wanted.name]), values.follow ?? false)
    }
    default:
      throw new UsageError(
        command === undefined ? 'a command is missing' : `there is no ${command}`,
      )
  }
}

/** As whoever called us would write it. */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}

async function tail(file: string, follow: boolean): Promise<number> {
  const child = spawn('tail', ['-n', '100', ...(follow ? ['-F'] : []), file], { stdio: 'inherit' })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? 0
}

/** Says in words what went wrong. Returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
  } else if (error instanceof UnmetError) {
    process.stderr.write(
      `This machine lacks what servers need:\n${error.lines.map((line) => `  - ${line}`).join('\n')}\n`,
    )
  } else if (error instanceof AggregateError) {
    for (const it of error.errors as Error[]) process.stderr.write(`${it.message}\n`)
  } else {
    failProcess('servers', error)
  }
  return 1
}

process.exitCode = await main(process.argv.slice(2)).catch(explain)
