import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { letAllRead } from '@cinegraph/embedded/unprivileged'
import type { ServerKind, ServerName } from './server-kind.js'
import { withLock } from './wait-for-lock.js'

/** Where a server's programs are that make one folder of the cache, named after server and version. */
export function fromCache(
  name: ServerName,
  version: string,
  make: (folder: string) => Promise<void>,
): Pick<ServerKind, 'find' | 'install'> {
  const folderName = `${name}-${version}`
  return {
    async find(cache) {
      const folder = findCached(cache, folderName)
      return folder === undefined ? undefined : { version, folder }
    },
    install: async (cache) => ({ version, folder: await cached(cache, folderName, make) }),
  }
}

/** Where `name` lies in the cache, when it is there, whole. */
export function findCached(cache: string, name: string): string | undefined {
  const folder = path.join(cache, name)
  return existsSync(folder) ? folder : undefined
}

/**
 * Where `name` lies in the cache. `make` fills a fresh folder when it is not there; only a filled one gets the name, so
 * whatever ends us, a folder of that name is whole. Of two at once one makes it and the other waits.
 */
export async function cached(
  cache: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(cache, name)
  const workshop = `${folder}.making`
  return withLock(workshop, async () => {
    if (findCached(cache, name)) return folder
    await removeLeftovers(workshop)
    const content = await mkdtemp(path.join(workshop, CONTENT))
    await make(content)
    await letAllRead(content)
    await rename(content, folder)
    await removeLeftovers(workshop)
    return folder
  })
}

const CONTENT = 'content-'

/** What somebody left who was killed. A program of theirs may still be writing, so nobody works in the same folder again. */
async function removeLeftovers(workshop: string): Promise<void> {
  for (const name of await readdir(workshop)) {
    if (!name.startsWith(CONTENT)) continue
    await rm(path.join(workshop, name), { recursive: true, force: true, maxRetries: 10 })
  }
}
