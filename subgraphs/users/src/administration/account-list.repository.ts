import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'

export const AccountSort = {
  NEWEST_FIRST: 'NEWEST_FIRST',
  OLDEST_FIRST: 'OLDEST_FIRST',
  LOGIN: 'LOGIN',
  LOGIN_REVERSED: 'LOGIN_REVERSED',
} as const
export type AccountSort = keyof typeof AccountSort

/** Which accounts to list; what is undefined is no condition. */
export interface AccountFilter {
  readonly search?: string | undefined
  readonly roleId?: string | undefined
  readonly blocked?: boolean | undefined
  /** Inclusive. */
  readonly registeredFrom?: Date | undefined
  /** Exclusive. */
  readonly registeredBefore?: Date | undefined
}

/** What the orders sort by; each has one of its own for every account. */
export interface AccountPosition {
  readonly id: string
  readonly loginKey: string
  readonly createdAt: Date
}

export type AccountCursor =
  Pick<AccountPosition, 'createdAt' | 'id'> | Pick<AccountPosition, 'loginKey'>

export interface AccountPageQuery {
  readonly filter: AccountFilter
  readonly sort: AccountSort
  readonly limit: number
  /** Only what comes after it. */
  readonly after?: AccountCursor | undefined
}

// shorter ones have no trigram
const MIN_INFIX_LENGTH = 3

/** Which accounts there are, in order. Raw SQL: the search goes through an index of an expression, which Prisma cannot name. */
export class AccountListRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** Each of the pages, in one statement: each with a plan of its own, because one role has three people and another a million. */
  async findPages(queries: readonly AccountPageQuery[]): Promise<AccountPosition[][]> {
    const pages = queries.map(
      (query, index) => Prisma.sql`
        (SELECT ${index}::int AS index, (row_number() OVER ())::int AS place, page.*
         FROM (${pageOf(query)}) AS page)`,
    )
    const rows = await this.db.$queryRaw<(AccountPosition & { index: number; place: number })[]>`
      ${Prisma.join(pages, ' UNION ALL ')}`
    const byPage = Map.groupBy(rows, (row) => row.index)
    return queries.map((_, index) =>
      (byPage.get(index) ?? []).sort((one, other) => one.place - other.place),
    )
  }

  /** How many accounts match each of the filters, in one statement. */
  async count(filters: readonly AccountFilter[]): Promise<number[]> {
    const counts = filters.map(
      (filter, index) => Prisma.sql`
        SELECT ${index}::int AS index, count(*)::int AS count
        FROM users."user" ${where(conditionsOf(filter))}`,
    )
    const rows = await this.db.$queryRaw<{ count: number }[]>`
      ${Prisma.join(counts, ' UNION ALL ')} ORDER BY index`
    return rows.map(({ count }) => count)
  }
}

function pageOf({ filter, sort, limit, after }: AccountPageQuery): Prisma.Sql {
  const conditions = conditionsOf(filter)
  if (after) conditions.push(isBeyond(after, sort))
  return Prisma.sql`
    SELECT id::text, login_key AS "loginKey", created_at AS "createdAt" FROM users."user"
    ${where(conditions)} ORDER BY ${ORDERS[sort]} LIMIT ${limit}`
}

const ORDERS: Readonly<Record<AccountSort, Prisma.Sql>> = {
  NEWEST_FIRST: Prisma.sql`created_at DESC, "user".id DESC`,
  OLDEST_FIRST: Prisma.sql`created_at, "user".id`,
  LOGIN: Prisma.sql`login_key`,
  LOGIN_REVERSED: Prisma.sql`login_key DESC`,
}

const isDescending = (sort: AccountSort) => sort === 'NEWEST_FIRST' || sort === 'LOGIN_REVERSED'

const where = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  conditions.length === 0
    ? Prisma.empty
    : Prisma.sql`WHERE ${Prisma.join([...conditions], ' AND ')}`

function conditionsOf(filter: AccountFilter): Prisma.Sql[] {
  const { search, roleId, blocked, registeredFrom, registeredBefore } = filter
  const conditions: Prisma.Sql[] = []
  if (search !== undefined) conditions.push(matches(search))
  if (roleId !== undefined) {
    conditions.push(
      Prisma.sql`"user".id IN (SELECT user_id FROM users.user_role WHERE role_id = ${roleId}::uuid)`,
    )
  }
  if (blocked === true) conditions.push(Prisma.sql`blocked_at IS NOT NULL`)
  if (blocked === false) conditions.push(Prisma.sql`blocked_at IS NULL`)
  if (registeredFrom) conditions.push(Prisma.sql`created_at >= ${registeredFrom}::timestamptz`)
  if (registeredBefore) conditions.push(Prisma.sql`created_at < ${registeredBefore}::timestamptz`)
  return conditions
}

/** The expression is that of the index `user_text_idx`; the login stands first in it. */
function matches(search: string): Prisma.Sql {
  const literal = search.replace(/[\\%_]/g, String.raw`\$&`)
  const pattern = Array.from(search).length < MIN_INFIX_LENGTH ? `${literal}%` : `%${literal}%`
  return Prisma.sql`users.account_text(login, email, first_name, last_name) LIKE users.fold(${pattern})`
}

function isBeyond(after: AccountCursor, sort: AccountSort): Prisma.Sql {
  const beyond = isDescending(sort) ? Prisma.sql`<` : Prisma.sql`>`
  return 'loginKey' in after
    ? Prisma.sql`login_key ${beyond} ${after.loginKey}`
    : Prisma.sql`(created_at, "user".id) ${beyond} (${after.createdAt}::timestamptz, ${after.id}::uuid)`
}
