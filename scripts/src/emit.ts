import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ROOT } from './paths.js'

/**
 * Writes generated files, or with `check` only compares: then it ends the process with 1 and names each file
 * that differs and the command that renews it.
 */
export async function emit(
  files: ReadonlyMap<string, string>,
  { check, command }: { check: boolean; command: string },
): Promise<void> {
  const stale: string[] = []
  for (const [file, content] of files) {
    const absolute = path.join(ROOT, file)
    const current = await readFile(absolute, 'utf8').catch(() => undefined)
    if (current === content) {
      // newer than what it was made from, also when it came out the same
      if (!check) await utimes(absolute, new Date(), new Date())
      continue
    }
    stale.push(file)
    if (check) continue
    await mkdir(path.dirname(absolute), { recursive: true })
    await writeFile(absolute, content)
  }
  if (!check) {
    console.log(stale.length > 0 ? `wrote ${stale.join(', ')}` : 'nothing changed')
  } else if (stale.length > 0) {
    console.error(`out of date: ${stale.join(', ')}; run ${command} and commit the result`)
    process.exit(1)
  }
}
