/** Tells the time; given to what depends on it, so that a test can pass time without waiting. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()
