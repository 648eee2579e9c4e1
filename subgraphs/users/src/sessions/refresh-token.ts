import { hashSecret, newSecret } from '../secret.js'
import type { IssuedToken } from './access-token.js'
import type { NewToken } from './refresh-token.repository.js'

export const DAY_MS = 86_400_000

export function makeRefreshToken(createdAt: Date, days: number): IssuedToken & { row: NewToken } {
  const token = newSecret()
  const expiresAt = new Date(createdAt.getTime() + days * DAY_MS)
  return { token, expiresAt, row: { hash: hashSecret(token), createdAt, expiresAt } }
}
