import { statfs } from 'node:fs/promises'
import { findJava } from './java.js'
import { run, succeeds } from './run.js'

/** Something that a machine must have. */
export interface Requirement {
  /** What it is, and how to get it. */
  readonly text: string
  /** `cache` is the folder that programs go to. */
  isMet(cache: string): Promise<boolean>
}

const LEAST_JAVA = 17
const MEGABYTE = 1024 * 1024

export const PS: Requirement = {
  text: '`ps` (Debian: apt-get install procps)',
  isMet: () => succeeds('ps', ['-A']),
}

export const JAVA: Requirement = {
  text: `Java ${LEAST_JAVA} or newer (Debian: apt-get install openjdk-17-jdk-headless)`,
  isMet: async () => ((await findJava())?.version ?? 0) >= LEAST_JAVA,
}

/** Elasticsearch wants modules that are in no runtime environment, and `jar` unpacks it. */
export const JDK: Requirement = {
  text: `a full JDK, ${LEAST_JAVA} or newer (Debian: apt-get install openjdk-17-jdk-headless)`,
  async isMet() {
    const java = await findJava()
    return (
      java !== undefined &&
      java.version >= LEAST_JAVA &&
      ['jdk.attach', 'jdk.jdi', 'jdk.jlink'].every((module) => java.modules.has(module))
    )
  },
}

export const MAVEN: Requirement = {
  text: 'Maven (Debian: apt-get install maven)',
  isMet: () => succeeds('mvn', ['--version']),
}

const LEAST_GO = [1, 21] as const

/** One that fetches a newer one where a module needs it. */
export const GO: Requirement = {
  text: `Go ${LEAST_GO.join('.')} or newer (Debian: apt-get install golang-go)`,
  async isMet() {
    const words = await run('go', ['version']).catch(() => '')
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(words) ?? []
    return Number(major) > LEAST_GO[0] || Number(minor) >= LEAST_GO[1]
  },
}

/** What a machine may have itself, or else has from Debian. */
export const ownOrDebian = (what: string): Requirement => ({
  text: `${what}, or \`apt-get\` and \`dpkg-deb\` to fetch it`,
  isMet: async () =>
    (await succeeds('apt-get', ['--version'])) && succeeds('dpkg-deb', ['--version']),
})

export const diskSpace = (megabytes: number): Requirement => ({
  text: `${megabytes} MB of free disk for programs`,
  async isMet(cache) {
    const { bavail, bsize } = await statfs(cache)
    return bavail * bsize >= megabytes * MEGABYTE
  },
})

/** Named by whatever needs it. */
export interface Need {
  readonly server: string
  readonly requirement: Requirement
}

/** A line for each requirement that is not met, with the servers that have it. */
export async function unmet(needs: readonly Need[], cache: string): Promise<string[]> {
  const servers = Map.groupBy(needs, ({ requirement }) => requirement)
  const lines: string[] = []
  for (const [requirement, its] of servers) {
    if (await requirement.isMet(cache)) continue
    lines.push(`${its.map(({ server }) => server).join(', ')}: ${requirement.text}`)
  }
  return lines
}
