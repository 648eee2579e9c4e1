import type { IndexContent } from '../search-index.js'
import type { Run } from './connection.js'
import { tableOf } from './tables.js'
import { writeDocuments, writeTombstones } from './write.js'

/** Reads of what is in a schema, and writes for which `write` decides where they go. */
export function createContent(
  run: Run,
  write: (task: (run: Run) => Promise<void>) => Promise<void>,
): IndexContent {
  return {
    upsert: (kind, documents) => write((to) => writeDocuments(to, kind, documents)),
    remove: (kind, entries) => write((to) => writeTombstones(to, kind, entries)),
    async count(kind) {
      const [row] = await run<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${tableOf(kind)} WHERE live`,
        [],
      )
      return row!.count
    },
    digests(kind, selection) {
      const digests = `SELECT id, digest FROM ${tableOf(kind)} WHERE live`
      if ('ids' in selection) {
        return run(`${digests} AND id = ANY($1::text[]) ORDER BY id`, [selection.ids])
      }
      const { after, limit } = selection
      return run(`${digests} AND ($1::text IS NULL OR id > $1) ORDER BY id LIMIT $2`, [
        after,
        limit,
      ])
    },
  }
}
