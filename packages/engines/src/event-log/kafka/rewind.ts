import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyError } from '@cinegraph/kit/errors'
import { within } from '@cinegraph/kit/within'
import type { Kafka } from 'kafkajs'
import { ENGINE } from './client.js'
import { Member } from './member.js'
import type { Place } from './offsets.js'

// others have to join anew, one that stands still until its session ends
const REWIND_MS = 30_000
const LOOK_AGAIN_MS = 50

export interface RewindOptions {
  kafka: Kafka
  group: string
  topic: string
  places: readonly Place[]
  sessionMs: number
  /** Whether the group has committed `places`. */
  isDone: () => Promise<boolean>
}

/**
 * Sets what a group has committed, whether it is running or not. Only a member may do that, and the others would commit what they
 * have in hand over it. So it joins as a guest, for as long as which nobody is given the topic: they finish, are refused
 * their commits, and begin from the new places when the guest is gone.
 */
export async function rewindAsGuest(options: RewindOptions): Promise<void> {
  const { kafka, group, topic, sessionMs } = options
  const joined = Promise.withResolvers<undefined>()
  const guest = new Member({
    ...{ kafka, group, topics: [topic], sessionMs },
    introduce: () => ({ held: {}, rewinding: topic }),
    onJoined: () => joined.resolve(undefined),
  })
  const failed = guest.ended.then((error) => Promise.reject(error))
  const work = guest.join().then(async () => {
    await Promise.race([joined.promise, failed])
    await Promise.race([setPlaces(guest, options), failed])
  })
  try {
    await within(work, REWIND_MS)
  } catch (error) {
    throw new DependencyError(ENGINE, `could not rewind ${group}`, { cause: error })
  } finally {
    failed.catch(() => {})
    // until then nobody reads
    await within(guest.leave(), REWIND_MS).catch(() => {})
  }
}

async function setPlaces(guest: Member, { topic, places, isDone }: RewindOptions): Promise<void> {
  for (;;) {
    await guest.set(topic, places)
    if (await isDone()) return
    await sleep(LOOK_AGAIN_MS)
  }
}
