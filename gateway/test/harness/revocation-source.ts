import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Revocation } from '@cinegraph/kit/revocations'
import { onTestFinished } from 'vitest'

type Revoked = { sessionId: string } | { userId: string; generation: number } | { keyId: string }

type Scripted = [status: number, body: string] | 'answer' | 'down'

export interface RevocationSource {
  readonly url: URL
  /** Every question so far, as it was sent. */
  readonly questions: readonly { after: string | null; wait: string | null; viewer: unknown }[]
  /** Writes a revocation, of which those hear who wait. It is in force for ten minutes. */
  revoke(revoked: Revoked): void
  /** Resolves when a question waits for news. */
  waits(): Promise<void>
  /** Cuts every connection, now and until `up`. */
  down(): void
  up(): void
  /** What becomes of the next questions: an answer as status and body, the true one, or the source goes down. */
  script(...answers: Scripted[]): void
  /** Answers at once from now on, news or not. */
  hurry(): void
}

/**
 * A feed of revocations on a socket of its own, as users serves it, that fails on request. One answer has at most `page`
 * revocations.
 */
export async function startRevocationSource(page = 100): Promise<RevocationSource> {
  const rows: Revocation[] = []
  const questions: RevocationSource['questions'][number][] = []
  const waiting = new Map<ServerResponse, number>()
  let scripted: Scripted[] = []
  let isDown = false
  let hurries = false
  let onWait = () => {}

  const answer = (response: ServerResponse, after: number) => {
    waiting.delete(response)
    const revocations = rows.slice(after, after + page)
    const body = { cursor: String(after + revocations.length), revocations }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  }
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://source')
    const after = searchParams.get('after')
    const viewer = request.headers['x-cinegraph-viewer']
    const wait = searchParams.get('wait')
    questions.push({ after, wait, viewer })
    const next = scripted.shift()
    if (next === 'down') isDown = true
    if (isDown) {
      request.socket.destroy()
      return
    }
    if (Array.isArray(next)) {
      response.writeHead(next[0]).end(next[1])
      return
    }
    if (after === null || Number(after) < rows.length || wait === '0' || hurries) {
      answer(response, Number(after))
      return
    }
    waiting.set(response, Number(after))
    response.once('close', () => waiting.delete(response))
    onWait()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/revocations`),
    questions,
    revoke(revoked) {
      rows.push({ ...revoked, expiresAt: new Date(Date.now() + 600_000).toISOString() })
      for (const [response, after] of waiting) answer(response, after)
    },
    waits: () =>
      new Promise((resolve) => {
        onWait = resolve
        if (waiting.size > 0) resolve()
      }),
    down() {
      isDown = true
      server.closeAllConnections()
    },
    up: () => void (isDown = false),
    script: (...answers) => void (scripted = answers),
    hurry: () => void (hurries = true),
  }
}
