import type { ConsumerOptions } from './event-log.js'

const NAME = /^[a-z0-9][a-z0-9.-]{0,199}$/

/** With all defaults. Throws a RangeError for what no adapter could do. */
export function completeOptions(given: ConsumerOptions): Required<ConsumerOptions> {
  const options = {
    from: 'oldest' as const,
    maxRecords: 500,
    maxBytes: 4 * 1024 * 1024,
    maxWaitMs: 0,
    concurrency: 4,
    maxAttempts: 3,
    pauseMs: { first: 100, longest: 5_000 },
    ...given,
  }
  if (!NAME.test(options.group)) throw new RangeError(`${options.group} is no name of a group`)
  if (options.topics.length === 0) throw new RangeError('a consumer reads one topic at least')
  for (const name of ['maxRecords', 'maxBytes', 'concurrency', 'maxAttempts'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      throw new RangeError(`${name} must be a whole number, 1 or more`)
    }
  }
  return options
}
