import type { CustomFetchOptions, ProtectedResourceRequestBody } from 'oauth4webapi'

/** What discovery, tokens, keys and profiles of a provider take is a few KiB. */
export const MAX_ANSWER_BYTES = 64 * 1024

/** `fetch` for an answer that is small and comes from where it was asked for. Throws when it is larger; follows no redirect. */
export async function boundedFetch(
  url: string,
  init: CustomFetchOptions<string, ProtectedResourceRequestBody>,
): Promise<Response> {
  const response = await fetch(url, { ...(init as RequestInit), redirect: 'manual' })
  const { status, headers } = response
  const body = await readAtMost(response, MAX_ANSWER_BYTES)
  return new Response(body.length > 0 ? body : null, { status, headers })
}

async function readAtMost(response: Response, limit: number): Promise<Buffer<ArrayBuffer>> {
  const body = response.body as ReadableStream<Uint8Array> | null
  const chunks: Uint8Array[] = []
  let length = 0
  // leaving the loop cancels the stream
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > limit) throw new Error(`the answer has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
