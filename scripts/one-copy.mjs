// Two copies of these in one process refuse, or silently mix up, each other's objects.
import { execFileSync } from 'node:child_process'

for (const name of ['graphql', '@apollo/federation-internals', 'type-graphql']) {
  const listing = execFileSync('npm', ['ls', '--all', '--parseable', '--long', name], {
    encoding: 'utf8',
  })
  const copies = new Set(
    listing
      .split('\n')
      .flatMap((line) => line.split(':').filter((part) => part.startsWith(`${name}@`))),
  )
  if (copies.size === 1) continue
  console.error(`${name} must be there once, but there are: ${[...copies].join(', ') || 'none'}`)
  process.exitCode = 1
}
