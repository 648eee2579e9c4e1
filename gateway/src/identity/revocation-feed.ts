import { DependencyError } from '@cinegraph/kit/errors'
import { ANONYMOUS, type SignViewer, VIEWER_HEADER } from '@cinegraph/kit/identity'
import { parseJson } from '@cinegraph/kit/json'
import {
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

export interface RevocationsQuestion {
  /** The cursor of the answer before; without it the feed begins with what is in force. */
  readonly after: string | undefined
  /** Seconds that the answer may wait for news. */
  readonly wait: number
}

/** Asks the feed. Anything but an answer of the agreed shape rejects. */
export type AskRevocations = (
  question: RevocationsQuestion,
  signal: AbortSignal,
) => Promise<RevocationFeed>

const TIMEOUT_MS = 5_000

export function createRevocationFeed(options: RevocationFeedOptions): AskRevocations {
  const { url, fetch = globalThis.fetch, signViewer } = options
  return async ({ after, wait }, signal) => {
    const question = new URL(url)
    if (after !== undefined) question.searchParams.set('after', after)
    question.searchParams.set('wait', String(wait))
    const timeoutMs = TIMEOUT_MS + wait * 1000
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
