// What `npm start` runs: builds when a source is newer than the last build, then starts everything in this process.
import { spawnSync } from 'node:child_process'
import module from 'node:module'
import path from 'node:path'
import { isBuildStale } from './stale-build.mjs'

const root = path.dirname(import.meta.dirname)
if (isBuildStale()) {
  process.stdout.write('The sources are newer than the build: building.\n')
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
module.enableCompileCache?.(path.join(root, 'node_modules/.cache/compiled'))
await import('./dist/start.js')
