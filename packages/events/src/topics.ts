import { domainEvents } from './domain/domain-events.js'
import type { Topic } from './topic.js'

/** All topics of Cinegraph. */
export const TOPICS: readonly Topic[] = [domainEvents]
