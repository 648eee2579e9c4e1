import path from 'node:path'
import { run } from './run.js'

export interface Java {
  readonly home: string
  /** The first number: 17. */
  readonly version: number
  readonly modules: ReadonlySet<string>
}

/** The `java` of this machine. */
export async function findJava(): Promise<Java | undefined> {
  const output = await run('java', ['-XshowSettings:properties', '--list-modules']).catch(() => '')
  const home = /^\s*java\.home = (.+)$/m.exec(output)?.[1]
  const version = /^java\.base@(\d+)/m.exec(output)?.[1]
  if (home === undefined || version === undefined) return undefined
  const modules = output.matchAll(/^([a-z.]+)@/gm)
  return {
    home,
    version: Number(version),
    modules: new Set(Array.from(modules, ([, name]) => name!)),
  }
}

/** Where a program of the JDK lies. */
export async function javaProgram(name: 'java' | 'jar' | 'keytool'): Promise<string> {
  const java = await findJava()
  if (!java) throw new Error('there is no java')
  return path.join(java.home, 'bin', name)
}

/** Starts soon and stays small; less throughput than servers in earnest, which nobody measures here. */
export const SMALL_JAVA = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-XX:TieredStopAtLevel=1']
