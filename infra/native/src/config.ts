import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { dataFolderFor } from '@cinegraph/embedded/unprivileged'
import { parseConfig } from '@cinegraph/kit/config'
import { z } from 'zod'

const ROOT = path.resolve(import.meta.dirname, '../../..')

const settings = z.object({
  CINEGRAPH_DATA: z
    .string()
    .default(path.join(ROOT, '.cinegraph'))
    .describe('folder in which servers keep their data'),
  XDG_CACHE_HOME: z
    .string()
    .default(path.join(homedir(), '.cache'))
    .describe('folder of what can be fetched again'),
})

export interface Places {
  /** Records, data and logs of the servers of this checkout. */
  readonly state: string
  /** The file of settings that lead to them: where it is looked for, wherever data may lie. */
  readonly settings: string
  /** Programs, for all checkouts of this machine. */
  readonly cache: string
}

/** Where servers live; elsewhere than asked for when we are root, and the user that they run as could not enter. */
export async function readPlaces(): Promise<Places> {
  const { CINEGRAPH_DATA, XDG_CACHE_HOME } = parseConfig(settings, process.env)
  const cache = await dataFolderFor(path.join(XDG_CACHE_HOME, 'cinegraph/servers'))
  await mkdir(cache, { recursive: true })
  const data = path.join(CINEGRAPH_DATA, 'servers')
  return { state: await dataFolderFor(data), settings: path.join(data, 'env'), cache }
}
