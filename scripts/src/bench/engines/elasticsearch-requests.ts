import type { ElasticsearchUrl } from '@cinegraph/engines/search/elasticsearch/elasticsearch-url'
import { Client } from '@elastic/elasticsearch'
import type { Recorder } from '../recorded.js'

export const openClient = ({ node, auth }: ElasticsearchUrl): Client =>
  new Client({ node, ...(auth && { auth }) })

type Request = Parameters<Client['transport']['request']>[0]
type Send = (this: unknown, sent: Request, ...options: readonly unknown[]) => unknown

/** Records what any client in this process sends to Elasticsearch, and sends it again with this one. */
export const requestsOf = (client: Client): Recorder<Request> => ({
  async record(work) {
    const requests: Request[] = []
    const prototype = Object.getPrototypeOf(client.transport) as { request: Send }
    const { request } = prototype
    prototype.request = function (sent, ...options) {
      requests.push(sent)
      return request.call(this, sent, ...options)
    }
    try {
      return { result: await work(), sent: requests }
    } finally {
      prototype.request = request
    }
  },
  async resend(requests) {
    let answers = ''
    for (const request of requests) {
      answers += JSON.stringify(await client.transport.request(request))
    }
    return answers
  },
})
