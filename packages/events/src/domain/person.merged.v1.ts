import { z } from 'zod'
import { defineEvent } from '../event.js'
import { domainEvents } from './domain-events.js'

/**
 * A person took over the credits of another, whose id leads to them from now on. An event of its own because it is about two
 * persons; the other one's own events end with a `person.changed` of DELETED, and each film has a `film.linked`.
 */
export const personMerged = defineEvent({
  name: 'person.merged.v1',
  topic: domainEvents,
  payload: z.object({
    personId: z.uuid(),
    /** Of the person who stays, after the merge. */
    version: z.int().min(1),
    mergedPersonId: z.uuid(),
  }),
  keyOf: ({ personId }) => personId,
})
