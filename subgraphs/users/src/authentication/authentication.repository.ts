import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

/** What proves that somebody owns an account. */
export interface StoredCredentials {
  readonly id: string
  readonly loginKey: string
  /** Null when the person logs in through social accounts only. */
  readonly passwordHash: string | null
  readonly tokenGeneration: number
  readonly blockedAt: Date | null
  readonly blockedReason: string | null
}

const SELECTED = {
  id: true,
  loginKey: true,
  passwordHash: true,
  tokenGeneration: true,
  blockedAt: true,
  blockedReason: true,
} as const

export class AuthenticationRepository {
  constructor(private readonly db: Pick<PrismaClient, 'user' | 'session'>) {}

  /** One statement whether it exists or not, so that the time does not tell. */
  async findByLogin(loginKey: string): Promise<StoredCredentials | undefined> {
    const found = await this.db.user.findUnique({ where: { loginKey }, select: SELECTED })
    return found ?? undefined
  }

  async findById(id: string): Promise<StoredCredentials | undefined> {
    const found = await this.db.user.findUnique({ where: { id }, select: SELECTED })
    return found ?? undefined
  }

  /** Does nothing when the password was changed since `from` was read. */
  async replacePasswordHash(id: string, from: string, to: string): Promise<void> {
    await this.db.user.updateMany({ where: { id, passwordHash: from }, data: { passwordHash: to } })
  }

  /** When a session that has not ended began. */
  async sessionBegan(id: string): Promise<Date | undefined> {
    const select = { createdAt: true }
    const found = await this.db.session.findFirst({ where: { id, endedAt: null }, select })
    return found?.createdAt
  }
}
