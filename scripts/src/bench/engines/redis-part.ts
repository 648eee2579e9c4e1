import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'

/** A part of a Redis that nobody else uses: the URL for an adapter, and a client of its own. What is in it is deleted afterwards. */
export async function withRedisPart<T>(
  server: string,
  use: (part: { url: URL; client: Redis; nameOf: (key: string) => string }) => Promise<T>,
): Promise<T> {
  const prefix = `bench-${randomUUID()}:`
  const url = new URL(server)
  url.searchParams.set('prefix', prefix)
  // a machine that is measured is busy
  url.searchParams.set('budgetMs', '10000')
  const client = new Redis(server)
  try {
    return await use({ url, client, nameOf: (key) => `${prefix}plain:${key}` })
  } finally {
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 })) {
      if ((keys as string[]).length > 0) await client.unlink(keys as string[])
    }
    client.disconnect()
  }
}
