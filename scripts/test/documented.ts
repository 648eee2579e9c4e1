import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../src/paths.js'
import { UNSET } from './unset.js'

/** The blocks of code, in this language, below a heading of docs/operations.md, in their order. */
export async function documented(heading: string, language: 'sh' | 'sql'): Promise<string[]> {
  const text = await readFile(path.join(ROOT, 'docs/operations.md'), 'utf8')
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, 'm'))
  if (section === undefined) throw new Error(`docs/operations.md has no heading ${heading}`)
  const [own] = section.split(/^#+ (?=[A-Z])/m)
  return Array.from(own!.matchAll(/^```(\w+)\n(.*?)^```$/gms)).flatMap(([, its, code]) =>
    its === language ? [code!] : [],
  )
}

/** Runs lines of a shell as they are, the last of which must not fail, and returns what they printed. */
export async function runShell(
  lines: string,
  { cwd = ROOT, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...UNSET, ...env } }
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', lines], options)
  return stdout
}
