import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from './run.js'

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

export interface Artifact {
  readonly group: string
  readonly name: string
  readonly version: string
  /** `jar` unless given. */
  readonly type?: string
  /** Without what it depends on. */
  readonly alone?: boolean
}

/**
 * Copies artifacts, and the jars that they need, into a new folder, from where the Maven settings of this machine say.
 * Maven holds each file against the checksum of its registry, and we hold all together against `digest`.
 */
export async function copyArtifacts(
  artifacts: readonly Artifact[],
  { folder, digest }: { folder: string; digest: string },
): Promise<void> {
  const workshop = `${folder}.maven`
  await mkdir(workshop)
  const pom = path.join(workshop, 'pom.xml')
  await writeFile(pom, projectOf(artifacts))
  // a repository of its own: the usual one is made for one Maven at a time, and would keep files that we need once
  const repository = path.join(workshop, 'repository')
  await run('mvn', [
    ...['--quiet', '--batch-mode', '--strict-checksums', '--file', pom],
    ...[`-Dmaven.repo.local=${repository}`, `-DoutputDirectory=${folder}`, COPY],
  ])
  await rm(workshop, { recursive: true })
  const found = await digestOf(folder)
  if (found !== digest) {
    throw new Error(`what Maven copied has the digest ${found}; expected was ${digest}`)
  }
}

function projectOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(({ group, name, version, type = 'jar', alone = false }) => {
    const none =
      '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version><type>${type}</type>${alone ? none : ''}</dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>cinegraph</groupId><artifactId>servers</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>`
}

/** One SHA-256 of the names and contents of all files of a folder; the same as of `sha256sum * | sha256sum`. */
export async function digestOf(folder: string): Promise<string> {
  const all = createHash('sha256')
  for (const name of (await readdir(folder)).toSorted()) {
    const one = createHash('sha256')
    await pipeline(createReadStream(path.join(folder, name)), one)
    all.update(`${one.digest('hex')}  ${name}\n`)
  }
  return all.digest('hex')
}
