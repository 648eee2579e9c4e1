import { randomBytes } from 'node:crypto'
import { Client } from '@elastic/elasticsearch'
import { afterAll } from 'vitest'
import { type ElasticsearchUrl, parseElasticsearchUrl } from './elasticsearch-url.js'

/** Indexes of a test's own on a server that others use as well; they are deleted when it ends. */
export function ownIndexes(server: string) {
  const own = new URL(server || 'http://127.0.0.1')
  const prefix = `test-${randomBytes(6).toString('hex')}`
  own.searchParams.set('prefix', prefix)
  const url: ElasticsearchUrl = parseElasticsearchUrl(own.href, 'SEARCH_URL')
  const client = new Client({ node: url.node, ...(url.auth && { auth: url.auth }) })
  const list = async () => Object.keys(await client.indices.getAlias({ index: `${prefix}-*` }))
  const clear = async () => {
    const indexes = await list()
    if (indexes.length > 0) await client.indices.delete({ index: indexes })
  }
  afterAll(async () => {
    if (server !== '') await clear()
    await client.close()
  })
  return { url, client, list, clear }
}
