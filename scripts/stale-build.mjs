import { readdirSync, statSync } from 'node:fs'
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

/** Whether a source is newer than the last build. */
export function isBuildStale() {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return sources.some((folder) => changedSince(path.join(root, folder), builtAt))
}
