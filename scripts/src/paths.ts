import path from 'node:path'

/** The root of this checkout; the same seen from `src` and from `dist`. */
export const ROOT = path.resolve(import.meta.dirname, '../..')
export const PRISMA = path.join(ROOT, 'prisma')
export const MIGRATIONS = path.join(PRISMA, 'migrations')
export const SUPERGRAPH = path.join(ROOT, 'gateway/supergraph.graphql')
/** Queries that the explorer opens with; the README shows them with their answers. */
export const FIRST_LOOK = path.join(ROOT, 'examples/first-look.graphql')
