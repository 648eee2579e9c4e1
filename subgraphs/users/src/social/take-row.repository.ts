import { Prisma } from '@cinegraph/engines/postgres/generated/client'

const ABSENT = 'P2025'

/** The row that `deletion` deleted; `undefined` when it was not there, or somebody else deleted it first. */
export async function takeRow<T>(deletion: Promise<T>): Promise<T | undefined> {
  try {
    return await deletion
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === ABSENT) {
      return undefined
    }
    throw error
  }
}
