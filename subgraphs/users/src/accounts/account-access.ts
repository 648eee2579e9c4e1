import type { Viewer } from '@cinegraph/kit/identity'
import { READ_USERS } from '../permissions.js'

/** Whether `viewer` may see what an account keeps private: its own, or any with the permission `users:read`. */
export const mayReadPrivate = (viewer: Viewer, accountId: string): boolean =>
  viewer.kind === 'user' && (viewer.id === accountId || viewer.permissions.includes(READ_USERS))
