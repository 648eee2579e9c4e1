import { defineTopic } from '../topic.js'

/** What has changed in rows that others derive something from. The key is the id of what has changed. */
export const domainEvents = defineTopic({
  name: 'domain-events',
  partitions: 12,
  retentionDays: 7,
})
