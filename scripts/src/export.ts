import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { z } from 'zod'
import { withCatalogue } from './catalogue/engines.js'
import { type ExportCounts, exportCatalogue } from './catalogue/exchange/export-catalogue.js'
import { FORMATS, formatOf } from './catalogue/exchange/format.js'

const USAGE = `Usage: npm run export -- FILE [--format ndjson|csv]
  FILE      where to; - writes to standard output, and then --format is needed (npm run --silent export)
  --format  where the extension does not say it
docs/import.md describes the file.`

const STDOUT = '-'

function readArgs() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { format: { type: 'string' } },
    })
    const [file] = z.tuple([z.string().min(1)]).parse(positionals)
    return { file, format: z.enum(FORMATS).parse(values.format ?? formatOf(file)) }
  } catch {
    console.error(USAGE)
    process.exit(2)
  }
}

try {
  const { file, format } = readArgs()
  await withCatalogue(async ({ postgres }) => {
    let counts: ExportCounts = { genre: 0, person: 0, film: 0 }
    const pages = exportCatalogue(postgres, format, (now) => (counts = now))
    if (file === STDOUT) {
      await pipeline(Readable.from(pages), process.stdout)
    } else {
      // an export that is cut short never looks like a whole one
      const draft = `${file}.draft`
      await pipeline(Readable.from(pages), createWriteStream(draft))
      await rename(draft, file)
    }
    console.error(
      `Exported ${counts.genre} genres, ${counts.person} persons and ${counts.film} films.`,
    )
  })
  process.exit(0)
} catch (error) {
  failProcess('export', error)
}
