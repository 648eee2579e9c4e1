import { readdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { cached, findCached } from '../cache.js'
import { debianRelease, fetchPackages, libraryPath } from '../debian.js'
import { run } from '../run.js'
import type { Installation } from '../server-kind.js'

/** The oldest that Cinegraph supports. */
export const LEAST_MAJOR = 15

/**
 * The folder of Postgres's programs, `postgres` and `pg_dump` among them: the oldest that is supported where Debian puts them, that on the
 * PATH, or the one that was fetched.
 */
export async function findPostgres(cache: string): Promise<Installation | undefined> {
  const fetched = findCached(cache, await folderName())
  return (
    (await oldestIn('/usr')) ??
    (await onPath()) ??
    (fetched === undefined ? undefined : oldestIn(path.join(fetched, 'usr')))
  )
}

/** Debian's newest, in the cache. The programs find what else they need by where they are themselves. */
export async function fetchPostgres(cache: string): Promise<Installation> {
  const folder = await cached(cache, await folderName(), async (fresh) => {
    const names = await run('apt-cache', ['search', '--names-only', '^postgresql-[0-9]+$'])
    const majors = Array.from(names.matchAll(/^postgresql-(\d+) /gm), ([, major]) => Number(major))
    const newest = Math.max(...majors)
    if (newest < LEAST_MAJOR)
      throw new Error(`apt-cache knows no PostgreSQL from ${LEAST_MAJOR} on`)
    await fetchPackages(`postgresql-${newest}`, fresh)
  })
  return (await oldestIn(path.join(folder, 'usr')))!
}

/** What the programs of a folder need to have in their environment. */
export const librariesOf = (bin: string) => libraryPath(path.resolve(bin, '../../../..'))

const folderName = async () => `postgres-${await debianRelease()}`

/** In Debian's layout: `lib/postgresql/<major>/bin`. One that is not whole, such as that of the client alone, is none. */
async function oldestIn(usr: string): Promise<Installation | undefined> {
  const parent = path.join(usr, 'lib/postgresql')
  const names = (await readdir(parent).catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const major of names.toSorted((a, b) => Number(a) - Number(b))) {
    const found = await installationIn(path.join(parent, major, 'bin'))
    if (found) return found
  }
  return undefined
}

async function onPath(): Promise<Installation | undefined> {
  const found = await run('/bin/sh', ['-c', 'command -v pg_ctl']).catch(() => undefined)
  return found === undefined
    ? undefined
    : installationIn(path.dirname(await realpath(found.trim())))
}

async function installationIn(bin: string): Promise<Installation | undefined> {
  const libraries = Object.entries(await librariesOf(bin)).map((it) => it.join('='))
  const program = path.join(bin, 'postgres')
  const output = await run('/usr/bin/env', [...libraries, program, '--version']).catch(() => '')
  // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
  const version = /\(PostgreSQL\) (\d+\S*)/.exec(output)?.[1]
  if (version === undefined || Number.parseInt(version, 10) < LEAST_MAJOR) return undefined
  return { version, folder: bin }
}
