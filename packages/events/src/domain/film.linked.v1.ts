import { z } from 'zod'
import { defineEvent } from '../event.js'
import { domainEvents } from './domain-events.js'

/**
 * The genres or the credits of a film are others now. When a person or a genre is deleted or merged, every film that it was
 * linked to has one: afterwards nobody could tell which they were.
 */
export const filmLinked = defineEvent({
  name: 'film.linked.v1',
  topic: domainEvents,
  payload: z.object({
    filmId: z.uuid(),
    links: z.array(z.enum(['GENRES', 'CREDITS'])).min(1),
  }),
  keyOf: ({ filmId }) => filmId,
})
