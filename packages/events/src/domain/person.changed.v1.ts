import { z } from 'zod'
import { defineEvent } from '../event.js'
import { domainEvents } from './domain-events.js'

/** A person has changed. RENAMED concerns every film that they have a credit of, EDITED none; DELETED is told of each film. */
export const personChanged = defineEvent({
  name: 'person.changed.v1',
  topic: domainEvents,
  payload: z.object({
    personId: z.uuid(),
    /** Of the person, after the change. */
    version: z.int().min(1),
    change: z.enum(['CREATED', 'EDITED', 'RENAMED', 'DELETED']),
  }),
  keyOf: ({ personId }) => personId,
})
