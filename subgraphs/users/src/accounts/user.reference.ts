import type { UsersContext } from '../context.js'
import type { VisibleAccount } from './account.service.js'

export const resolveUserReference = (
  reference: { id: string },
  { users }: UsersContext,
): Promise<VisibleAccount | null> => users.load(reference.id)
