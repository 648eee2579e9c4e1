import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { ServerName } from './server-kind.js'

const port = z.number().int().min(1).max(65_535)

const serverRecord = z.object({
  version: z.string(),
  ports: z.tuple([port], port),
  password: z.string(),
  /** Absent when it was told to stop. A process that is gone has died. */
  process: z
    .object({
      pid: z.number().int().positive(),
      start: z.string(),
      /** ISO 8601 */
      since: z.string(),
    })
    .optional(),
})

/** What outlives the command that started a server. */
export type ServerRecord = z.infer<typeof serverRecord>

export const recordFile = (state: string, name: ServerName): string =>
  path.join(state, `${name}.json`)

/** What is known of a server; undefined when it was never started here. */
export async function readRecord(
  state: string,
  name: ServerName,
): Promise<ServerRecord | undefined> {
  const file = recordFile(state, name)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return serverRecord.parse(JSON.parse(text))
  } catch (error) {
    throw new Error(`${file} is no record of a server`, { cause: error })
  }
}

/** Whole or not at all, for its owner alone. */
export async function writeRecord(
  state: string,
  name: ServerName,
  record: ServerRecord,
): Promise<void> {
  await writePrivate(recordFile(state, name), `${JSON.stringify(record, undefined, 2)}\n`)
}

/** Writes a file that only its owner can read, whole or not at all. */
export async function writePrivate(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, content, { mode: 0o600 })
  await rename(draft, file)
}

/** Needs no quoting in URLs, shells and files of settings. */
export const drawPassword = (): string => randomBytes(24).toString('hex')
