import { z } from 'zod'

/** The audience for which a gateway signs its questions to the feed of revocations. */
export const REVOCATIONS_AUDIENCE = 'revocations'

/** Seconds that a question may wait for news at most. */
export const MAX_REVOCATIONS_WAIT = 25

const expiresAt = z.iso.datetime()

/**
 * Access tokens that are refused before they expire: those of a session (`sid`), those of a user (`sub`) whose `gen` is
 * less than `generation`, or those of a key (`kid`). After `expiresAt` no such token is valid anyway.
 */
export const revocation = z.union([
  z.object({ sessionId: z.string(), expiresAt }),
  z.object({ userId: z.string(), generation: z.int(), expiresAt }),
  z.object({ keyId: z.string(), expiresAt }),
])
export type Revocation = z.output<typeof revocation>

/**
 * What `GET REVOCATIONS_URL?after=CURSOR&wait=SECONDS` answers: the oldest that are in force, or with `after` those of
 * them that came later. One answer need not hold all there are: who asks has them all when an answer brings nothing new,
 * which is when its cursor is the one that was sent. A question with `after` to which there is nothing yet waits up to
 * `wait` seconds for it, by default 0; any other is answered at once.
 */
export const revocationFeed = z.object({
  /** To be sent as `after` of the next question. */
  cursor: z.string(),
  revocations: z.array(revocation),
})
export type RevocationFeed = z.output<typeof revocationFeed>
