import { DependencyError } from '@cinegraph/kit/errors'
import { ANONYMOUS, type SignViewer, VIEWER_HEADER } from '@cinegraph/kit/identity'
import { parseJson } from '@cinegraph/kit/json'
import {
  MAX_REVOCATIONS_WAIT,
  type RevocationFeed,
  revocationFeed,
  REVOCATIONS_AUDIENCE,
} from '@cinegraph/kit/revocations'
import type { Fetch } from './key-source.js'

export interface RevocationFeedOptions {
  url: URL
  /** How the URL is fetched; for a feed that this process serves itself. */
  fetch?: Fetch | undefined
  signViewer: SignViewer
}

/**
 * Asks the feed: for all that is in force, or for what came after a cursor; then the answer may take 25 s. Anything but
 * an answer of the agreed shape rejects.
 */
export type AskRevocations = (
  after: string | undefined,
  signal: AbortSignal,
) => Promise<RevocationFeed>

const TIMEOUT_MS = 5_000

export function createRevocationFeed(options: RevocationFeedOptions): AskRevocations {
  const { url, fetch = globalThis.fetch, signViewer } = options
  return async (after, signal) => {
    const question = new URL(url)
    if (after !== undefined) {
      question.searchParams.set('after', after)
      question.searchParams.set('wait', String(MAX_REVOCATIONS_WAIT))
    }
    const timeoutMs = TIMEOUT_MS + (after === undefined ? 0 : MAX_REVOCATIONS_WAIT * 1000)
    const response = await fetch(question.href, {
      headers: {
        accept: 'application/json',
        [VIEWER_HEADER]: await signViewer(ANONYMOUS, REVOCATIONS_AUDIENCE),
      },
      // the signature is for this URL alone
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return read(response)
  }
}

async function read(response: Response): Promise<RevocationFeed> {
  // the body is read in any case, or its connection stays taken
  const body = await response.text()
  if (!response.ok) throw bad(`answered with status ${response.status}`)
  const { success, data, error } = revocationFeed.safeParse(parseJson(body))
  if (success) return data
  const { path, message } = error.issues[0]!
  throw bad(`answered with what is no feed of revocations: ${path.join('.')}: ${message}`)
}

const bad = (reason: string) => new DependencyError('revocations', reason)
