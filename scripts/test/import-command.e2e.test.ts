import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { lockDataFolder } from '@cinegraph/embedded/lock'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  film,
  genre,
  ndjson,
  openCatalogue,
  person,
  startScript,
  temporaryFolder,
} from './exchange.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await temporaryFolder()
  file = path.join(folder, 'catalogue.ndjson')
})

type Env = Readonly<Record<string, string>>

const start = (name: 'import' | 'export', args: readonly string[], env: Env = {}) =>
  startScript(name, args, { CINEGRAPH_DATA: path.join(folder, 'data'), ...env })
const run: (...of: Parameters<typeof start>) => ReturnType<ReturnType<typeof start>['ended']> = (
  ...of
) => start(...of).ended()

const rows = ndjson(genre('noir'), person('lang'), film('m', { genres: ['noir'] }))

describe('npm run import and export', () => {
  test('say what they did, and leave nothing beside the file', async () => {
    const { url: DATABASE_URL } = await openCatalogue()
    await writeFile(file, rows)
    const created = '1 created, 0 changed, 0 unchanged, 0 refused\n'
    const dry = await run('import', [file, '--dry-run'], { DATABASE_URL })
    expect(dry).toMatchObject({
      code: 0,
      stdout: `Nothing was written. This would happen:\ngenres:  ${created}persons: ${created}films:   ${created}`,
    })
    expect(await run('import', [file], { DATABASE_URL })).toMatchObject({
      code: 0,
      stdout: `genres:  ${created}persons: ${created}films:   ${created}`,
    })
    const csv = path.join(folder, 'catalogue.csv')
    expect(await run('export', [csv], { DATABASE_URL })).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'Exported 1 genres, 1 persons and 1 films.\n' },
    })
    expect(await readdir(folder)).toEqual(['catalogue.csv', 'catalogue.ndjson'])
    const again = await run('import', [csv], { DATABASE_URL })
    expect(again.stdout).toBe(
      ['genres:  ', 'persons: ', 'films:   ']
        .map((kind) => `${kind}0 created, 0 changed, 1 unchanged, 0 refused\n`)
        .join(''),
    )
  })

  test('work as a pipe, beside a Cinegraph that runs on the data folder', async () => {
    const { url, told } = await openCatalogue()
    const lock = await lockDataFolder(path.join(folder, 'data'))
    await lock.announce({ url: 'http://127.0.0.1:4000/graphql', databaseUrl: url })
    const piped = start('import', ['-', '--format', 'ndjson'])
    piped.child.stdin.end(rows)
    expect(await piped.ended()).toMatchObject({ code: 0 })
    const { code, stdout } = await run('export', ['-', '--format', 'csv'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: await told('csv') })
    await lock.release()
  })

  test('end with 1 when a row was refused, and name the report', async () => {
    const { url: DATABASE_URL } = await openCatalogue()
    const report = `${file}.refused.ndjson`
    await writeFile(file, ndjson(genre('No Slug')) + rows)
    const { code, stdout } = await run('import', [file], { DATABASE_URL })
    expect(code).toBe(1)
    expect(stdout).toContain('genres:  1 created, 0 changed, 0 unchanged, 1 refused\n')
    expect(stdout).toContain(`${report} says what is wrong with the 1 refused rows.\n`)
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ line: 1, kind: 'genre' })
    await writeFile(file, rows)
    expect(await run('import', [file], { DATABASE_URL })).toMatchObject({ code: 0 })
    expect(await readdir(folder)).toEqual(['catalogue.ndjson'])
  })

  test.each([
    ['import', []],
    ['import', ['-']],
    ['import', ['a.csv', '--formt', 'csv']],
    ['export', ['a.txt']],
  ] as const)('explain themselves: %s %j', async (name, args) => {
    const { code, stderr } = await run(name, args)
    expect(code).toBe(2)
    expect(stderr).toContain('Usage:')
  })

  test('name a column that is not known, and import nothing', async () => {
    const { url: DATABASE_URL } = await openCatalogue()
    const csv = path.join(folder, 'catalogue.csv')
    await writeFile(csv, 'kind,slug,color\ngenre,noir,black\n')
    const { code, stderr } = await run('import', [csv], { DATABASE_URL })
    expect(code).toBe(2)
    expect(stderr).toContain('The first line names columns that are not known: color.\n')
    expect(await readdir(folder)).toEqual(['catalogue.csv'])
  })

  test('keep the file when the report is to lie on it', async () => {
    await writeFile(file, rows)
    for (const report of [file, `${file}.import.json`]) {
      expect(await run('import', [file, '--report', report])).toMatchObject({
        code: 2,
        stderr: `--report: ${report} is read by the import; name another file.\n`,
      })
    }
    expect(await readFile(file, 'utf8')).toBe(rows)
  })

  test('name a file that is not there', async () => {
    const { code, stderr } = await run('import', [file])
    expect({ code, stderr }).toEqual({ code: 2, stderr: `There is no file ${file}.\n` })
  })
})
