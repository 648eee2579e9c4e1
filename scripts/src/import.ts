import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { Presets, SingleBar } from 'cli-progress'
import { z } from 'zod'
import { withCatalogue } from './catalogue/engines.js'
import { checkpointFile, noCheckpoint } from './catalogue/exchange/checkpoint.js'
import { FORMATS, formatOf } from './catalogue/exchange/format.js'
import { identify } from './catalogue/exchange/identify.js'
import { importCatalogue, type ImportSummary } from './catalogue/exchange/import-catalogue.js'
import { KINDS } from './catalogue/exchange/record.js'
import { FileError } from './catalogue/exchange/row.js'

const USAGE = `Usage: npm run import -- FILE [--dry-run] [--format ndjson|csv] [--report FILE] [--restart]
  FILE       what to import; - reads standard input, and then --format is needed
  --dry-run  says what would happen and writes nothing
  --format   where the extension does not say it
  --report   where refused rows are told of; FILE.refused.ndjson unless given
  --restart  begins at the first row again after an interruption
docs/import.md describes the file.`

const STDIN = '-'

type Args = NonNullable<ReturnType<typeof readArgs>>

/** Undefined for what is no call. */
function readArgs(args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'dry-run': flag, restart: flag, format: text, report: text },
    })
    const [file] = z.tuple([z.string().min(1)]).parse(positionals)
    const format = z.enum(FORMATS).parse(values.format ?? formatOf(file))
    const dryRun = values['dry-run']
    const name = file === STDIN ? 'import' : file
    const report = values.report ?? `${name}${dryRun ? '.dry-run' : ''}.refused.ndjson`
    return { file, format, dryRun, restart: values.restart, report }
  } catch {
    return undefined
  }
}

/** Returns the exit code. */
async function main({ file, dryRun, restart, ...args }: Args): Promise<number> {
  if (file === STDIN) {
    return withStandardInput((copy) =>
      run({ ...args, file: copy, dryRun, resumes: false, restart }),
    )
  }
  const isFile = await stat(file).then(
    (it) => it.isFile(),
    () => false,
  )
  if (!isFile) throw new FileError(`There is no file ${file}.`)
  const taken = [file, checkpointOf(file)].map((it) => path.resolve(it))
  if (taken.includes(path.resolve(args.report))) {
    throw new FileError(`--report: ${args.report} is read by the import; name another file.`)
  }
  return run({ ...args, file, dryRun, resumes: !dryRun, restart })
}

const checkpointOf = (file: string) => `${file}.import.json`

interface Run extends Omit<Args, 'file'> {
  file: string
  /** Whether a later call can go on with it. */
  resumes: boolean
}

async function run({ resumes, restart, ...options }: Run): Promise<number> {
  const { file, dryRun, report } = options
  const checkpoints = resumes ? checkpointFile(checkpointOf(file)) : noCheckpoint
  if (restart) await checkpoints.remove()
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interruption.abort())
  const { size } = await stat(file)
  const bar = new SingleBar(
    { format: 'import [{bar}] {percentage} % {eta_formatted}', noTTYOutput: true },
    Presets.shades_classic,
  )
  let exitCode = 0
  await withCatalogue(async ({ postgres }) => {
    const identity = await identify(postgres, file)
    // it is read twice
    bar.start(2 * size, (await checkpoints.load(identity))?.pass === 'films' ? size : 0)
    try {
      const summary = await importCatalogue({
        ...{ ...options, postgres, identity, checkpoints },
        signal: interruption.signal,
        onRead: (bytes) => bar.increment(bytes),
      })
      bar.stop()
      exitCode = tell(summary, { dryRun, resumes, report })
    } catch (error) {
      bar.stop()
      if (resumes && !(error instanceof FileError)) console.error(GOES_ON)
      throw error
    }
  })
  return exitCode
}

const GOES_ON = 'The import did not come to its end; the same command goes on where it stopped.'
const BEGINS_ANEW = 'It stopped before its end; the next call begins at the first row.'

/** Says what happened, and returns the exit code. */
function tell(
  { counts, unreadable, finished }: ImportSummary,
  { dryRun, resumes, report }: { dryRun: boolean; resumes: boolean; report: string },
): number {
  if (dryRun) console.log('Nothing was written. This would happen:')
  for (const kind of KINDS) {
    const { created, changed, unchanged, refused } = counts[kind]
    console.log(
      `${`${kind}s:`.padEnd(9)}${created} created, ${changed} changed, ${unchanged} unchanged, ${refused} refused`,
    )
  }
  if (unreadable > 0) console.log(`${unreadable} rows could not be read.`)
  const refused = KINDS.reduce((sum, kind) => sum + counts[kind].refused, unreadable)
  if (refused > 0) console.log(`${report} says what is wrong with the ${refused} refused rows.`)
  if (!finished) console.error(resumes ? GOES_ON : BEGINS_ANEW)
  return refused > 0 || !finished ? 1 : 0
}

/** A file is read twice; what comes once is kept until then. */
async function withStandardInput<T>(use: (copy: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-import-'))
  try {
    const copy = path.join(folder, 'input')
    await pipeline(process.stdin, createWriteStream(copy))
    return await use(copy)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const args = readArgs(process.argv.slice(2))
if (!args) {
  console.error(USAGE)
  process.exit(2)
}
process.exit(
  await main(args).catch((error: unknown) => {
    if (!(error instanceof FileError)) return failProcess('import', error)
    console.error(error.message)
    return 2
  }),
)
