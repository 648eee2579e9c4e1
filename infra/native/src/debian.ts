import { chmod, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { run } from './run.js'

/** The name of this machine's release, e.g. `bookworm`; programs of one need not run on another. */
export async function debianRelease(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? 'unknown'
}

/**
 * Unpacks a Debian package, and those it depends on that the machine lacks, into `folder`: the machine stays as it is, and
 * it takes no root. apt-get holds each file against the signed list of its archive.
 */
export async function fetchPackages(name: string, folder: string): Promise<void> {
  const packages = path.join(folder, 'packages')
  await mkdir(packages)
  // apt-get of root hands downloads to a user of its own
  await chmod(packages, 0o777)
  const planned = await run('apt-get', [
    ...['install', '--print-uris', '--quiet=2', '--no-install-recommends', name],
  ])
  // 'http://…/redis-tools_7.0.15-1_amd64.deb' redis-tools_5%3a7.0.15-1_amd64.deb 991988 SHA256:…
  const names = planned.matchAll(/^'[^']+' ([^_ ]+)_([^_ ]+)_/gm)
  await run(
    'apt-get',
    [
      'download',
      '--quiet=2',
      ...Array.from(names, ([, it, version]) => `${it}=${decodeURIComponent(version!)}`),
    ],
    { cwd: packages },
  )
  for (const file of await readdir(packages)) {
    await run('dpkg-deb', ['--extract', path.join(packages, file), folder])
  }
  await rm(packages, { recursive: true })
}

/** Where programs find the libraries of packages whose folder `usr` this is: in folders named after the platform. */
export async function libraryPath(usr: string): Promise<Record<string, string>> {
  const parents = [path.join(usr, 'lib'), path.resolve(usr, '../lib')]
  const found = await Promise.all(
    parents.map(async (parent) => {
      const names = await readdir(parent).catch(() => [])
      return names.filter((name) => name.includes('-linux-')).map((it) => path.join(parent, it))
    }),
  )
  return { LD_LIBRARY_PATH: found.flat().join(':') }
}
