import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export type TokenHash = Uint8Array<ArrayBuffer>

export interface RefreshTokenRow {
  readonly sessionId: string
  readonly userId: string
  readonly expiresAt: Date
  readonly rotatedAt: Date | null
  readonly sessionEndedAt: Date | null
}

export interface NewToken {
  readonly hash: TokenHash
  readonly createdAt: Date
  readonly expiresAt: Date
}

type Models = Pick<PrismaClient, 'session' | 'refreshToken' | '$transaction'>

export class SessionRepository {
  constructor(private readonly db: Models) {}

  async create(session: { id: string; userId: string }, token: NewToken): Promise<void> {
    const { createdAt } = token
    await this.db.session.create({
      data: { ...session, createdAt, lastUsedAt: createdAt, tokens: { create: token } },
    })
  }

  async findToken(hash: TokenHash): Promise<RefreshTokenRow | undefined> {
    const row = await this.db.refreshToken.findUnique({
      where: { hash },
      select: {
        sessionId: true,
        expiresAt: true,
        rotatedAt: true,
        session: { select: { userId: true, endedAt: true } },
      },
    })
    if (!row) return undefined
    const { session, ...token } = row
    return { ...token, userId: session.userId, sessionEndedAt: session.endedAt }
  }

  /**
   * Spends `spent`, unless it is spent already, and adds `successor` to its session, all or nothing. False when the
   * session has ended meanwhile: then the successor is worth nothing. Also forgets the session's expired tokens.
   */
  async rotate(sessionId: string, spent: TokenHash, successor: NewToken): Promise<boolean> {
    const now = successor.createdAt
    const [session] = await this.db.$transaction([
      // first, because it locks the session: everything that happens to one family happens in turn
      this.db.session.updateMany({
        where: { id: sessionId, endedAt: null },
        data: { lastUsedAt: now },
      }),
      this.db.refreshToken.updateMany({
        where: { hash: spent, rotatedAt: null },
        data: { rotatedAt: now },
      }),
      this.db.refreshToken.create({ data: { ...successor, sessionId } }),
      this.db.refreshToken.deleteMany({ where: { sessionId, expiresAt: { lte: now } } }),
    ])
    return session.count === 1
  }

  async end(sessionId: string, at: Date): Promise<void> {
    await this.db.session.updateMany({
      where: { id: sessionId, endedAt: null },
      data: { endedAt: at },
    })
  }
}
