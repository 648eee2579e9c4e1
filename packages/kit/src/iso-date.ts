/** A date column, which Prisma gives as midnight UTC, as `YYYY-MM-DD`. */
export const isoDate = (date: Date | null): string | null =>
  date === null ? null : date.toISOString().slice(0, 10)
