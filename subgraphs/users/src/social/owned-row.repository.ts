import { isForeignKeyViolation } from '@cinegraph/engines/postgres/prisma-errors'

/** False when the person to whom the row was to belong is gone: then nothing was written. */
export async function writeOwned(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    if (isForeignKeyViolation(error)) return false
    throw error
  }
}
