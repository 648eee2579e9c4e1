import { z } from 'zod'
import { defineEvent } from '../event.js'
import { domainEvents } from './domain-events.js'

/** A genre has changed. RENAMED concerns every film of the genre, EDITED none; DELETED is told of each film. */
export const genreChanged = defineEvent({
  name: 'genre.changed.v1',
  topic: domainEvents,
  payload: z.object({
    genreId: z.uuid(),
    /** Of the genre, after the change. */
    version: z.int().min(1),
    change: z.enum(['CREATED', 'EDITED', 'RENAMED', 'DELETED']),
  }),
  keyOf: ({ genreId }) => genreId,
})
