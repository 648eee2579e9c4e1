// What `npm start` runs: builds when a source is newer than the last build, then starts everything in this process.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)
const built = path.join(root, 'scripts/dist/tsconfig.tsbuildinfo')
const sources = ['packages', 'gateway', 'subgraphs', 'workers', 'scripts', 'prisma/schema']
const skipped = new Set(['node_modules', 'dist', 'generated', 'test'])

/** Whether any file below `folder` changed after `time` (milliseconds since 1970). */
function changedSince(folder, time) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return !skipped.has(entry.name) && changedSince(file, time)
    return /\.(ts|prisma)$/.test(entry.name) && statSync(file).mtimeMs > time
  })
}

const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0
if (sources.some((folder) => changedSince(path.join(root, folder), builtAt))) {
  process.stdout.write('The sources are newer than the build: building.\n')
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
module.enableCompileCache?.(path.join(root, 'node_modules/.cache/compiled'))
await import('./dist/start.js')
