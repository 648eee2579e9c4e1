export type Fetch = typeof globalThis.fetch

interface GraphQLBody {
  query: string
  variables?: unknown
  operationName?: string
}

/**
 * Sends the SHA-256 of a document instead of its text (automatic persisted queries), and the text once
 * when the server does not know it. Stops for good when the server does not keep documents.
 */
export function persistedFetch(fetch: Fetch): Fetch {
  const hashes = new Map<string, Promise<string>>()
  let supported = true
  const hashOf = (query: string) => {
    const hash = hashes.get(query) ?? sha256(query)
    hashes.set(query, hash)
    return hash
  }
  return async (url, init = {}) => {
    const { body: text } = init
    if (!supported || typeof text !== 'string') return fetch(url, init)
    const { query, ...rest } = JSON.parse(text) as GraphQLBody
    const extensions = { persistedQuery: { version: 1, sha256Hash: await hashOf(query) } }
    const send = (body: object) => fetch(url, { ...init, body: JSON.stringify(body) })

    const answer = await send({ ...rest, extensions })
    const refusal = await refusalOf(answer)
    if (refusal === 'PERSISTED_QUERY_NOT_FOUND') return send({ query, ...rest, extensions })
    if (refusal !== 'PERSISTED_QUERY_NOT_SUPPORTED') return answer
    supported = false
    return fetch(url, init)
  }
}

async function refusalOf(answer: Response): Promise<unknown> {
  const text = await answer.clone().text()
  // most answers need no second parse
  if (!text.includes('PERSISTED_QUERY_NOT_')) return undefined
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: unknown } }[] }
  return errors?.[0]?.extensions?.code
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
