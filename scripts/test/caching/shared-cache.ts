import CachePolicy from 'http-cache-semantics'

export interface Exchange {
  readonly status: number
  readonly body: string
  readonly cacheControl: string | null
  readonly fromCache: boolean
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

interface Entry {
  readonly policy: CachePolicy
  readonly exchange: Exchange
}

/** A cache that stands before the gateway and keeps, by URL and body, all that RFC 9111 lets it give to others. */
export function createSharedCache() {
  const entries = new Map<string, Entry[]>()

  async function ask(request: HttpRequest): Promise<Exchange> {
    const key = `${request.method} ${request.url} ${request.body ?? ''}`
    const kept = entries.get(key) ?? []
    const entry = kept.find(({ policy }) => policy.satisfiesWithoutRevalidation(request))
    if (entry) return { ...entry.exchange, fromCache: true }
    const { headers, ...exchange } = await send(request)
    const policy = new CachePolicy(request, { status: exchange.status, headers }, { shared: true })
    if (policy.storable() && policy.timeToLive() > 0)
      entries.set(key, [...kept, { policy, exchange }])
    return exchange
  }

  return {
    ask,
    /** The bodies of all that it has kept. */
    stored: () => [...entries.values()].flat().map(({ exchange }) => exchange.body),
  }
}

/** Without a cache. */
export async function send({ url, ...init }: HttpRequest) {
  const response = await fetch(url, init)
  const exchange: Exchange = {
    status: response.status,
    body: await response.text(),
    cacheControl: response.headers.get('cache-control'),
    fromCache: false,
  }
  return { ...exchange, headers: Object.fromEntries(response.headers) }
}
