import { isAbsent } from '@cinegraph/engines/postgres/prisma-errors'

/** The row that `deletion` deleted; `undefined` when it was not there, or somebody else deleted it first. */
export async function takeRow<T>(deletion: Promise<T>): Promise<T | undefined> {
  try {
    return await deletion
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
