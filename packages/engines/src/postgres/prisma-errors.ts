import { Prisma } from './generated/client.js'

/** A row with such a key is there already. */
export const isUniqueViolation = (error: unknown): boolean => hasCode(error, 'P2002')

/** The row that this one belongs to is not there. */
export const isForeignKeyViolation = (error: unknown): boolean => hasCode(error, 'P2003')

/** The row that was to be changed or deleted is not there. */
export const isAbsent = (error: unknown): boolean => hasCode(error, 'P2025')

/** A transaction got no connection in time, or was not done in time. */
export const isOutOfTime = (error: unknown): boolean => hasCode(error, 'P2028')

const hasCode = (error: unknown, code: string) =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === code
