import { z } from 'zod'
import { defineEvent } from '../event.js'
import { domainEvents } from './domain-events.js'

/** A film has changed: its own fields, translations, seasons or episodes, its state, or who may see it. */
export const filmChanged = defineEvent({
  name: 'film.changed.v1',
  topic: domainEvents,
  payload: z.object({
    filmId: z.uuid(),
    /** Of the film, after the change. */
    version: z.int().min(1),
    change: z.enum([
      'CREATED',
      'EDITED',
      'PUBLISHED',
      'UNPUBLISHED',
      'SCHEDULED',
      'ARCHIVED',
      'DELETED',
      'RESTORED',
    ]),
  }),
  keyOf: ({ filmId }) => filmId,
})
