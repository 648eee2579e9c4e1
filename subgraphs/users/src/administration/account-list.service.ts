import { decodeCursor, encodeCursor } from '@cinegraph/kit/cursor'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { type Page, pageSize } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { READ_USERS } from '../permissions.js'
import type { RoleRepository } from './role.repository.js'
import { roleName } from './role.rules.js'
import type {
  AccountCursor,
  AccountFilter,
  AccountListRepository,
  AccountPosition,
  AccountSort,
} from './account-list.repository.js'
import { login } from '../accounts/account.rules.js'
import type { AccountService, VisibleAccount } from '../accounts/account.service.js'

export const MAX_SEARCH_LENGTH = 254

// before that nobody registered, and not every older date is one to Postgres
const EPOCH = new Date(0)
const instant = z.date().transform((date) => (date < EPOCH ? EPOCH : date))

const filterInput = z.object({
  search: z
    .string()
    .transform((text) => text.normalize('NFKC').trim())
    .pipe(
      z
        .string()
        .max(MAX_SEARCH_LENGTH, `must have at most ${MAX_SEARCH_LENGTH} characters`)
        .regex(/^\P{Cc}*$/u, 'may not hold control characters'),
    )
    .nullish(),
  role: z.string().nullish(),
  blocked: z.boolean().nullish(),
  registeredFrom: instant.nullish(),
  registeredBefore: instant.nullish(),
})

const createdAtCursor = z
  .tuple([
    z.iso
      .datetime()
      .transform((text) => new Date(text))
      .pipe(instant),
    z.guid(),
  ])
  .transform(([createdAt, id]) => ({ createdAt, id }))
const loginCursor = z.tuple([login]).transform(([loginKey]) => ({ loginKey }))

export interface AccountPageArgs {
  readonly first: number
  readonly after?: string | null | undefined
}

export interface AccountListQuery extends AccountPageArgs {
  readonly filter?: z.input<typeof filterInput> | null | undefined
  readonly sort: AccountSort
}

export class AccountListService {
  constructor(
    private readonly repository: AccountListRepository,
    private readonly accounts: AccountService,
    private readonly roles: RoleRepository,
  ) {}

  /** Throws UNAUTHENTICATED, FORBIDDEN without `users:read`, and BAD_USER_INPUT. */
  async list(viewer: Viewer, query: AccountListQuery): Promise<Page<VisibleAccount>> {
    requirePermission(viewer, READ_USERS)
    return this.page(viewer, { ...query, filter: await this.parse(query.filter ?? {}) })
  }

  /** Null when there is none. Throws UNAUTHENTICATED, and FORBIDDEN without `users:read`. */
  async find(viewer: Viewer, given: string): Promise<VisibleAccount | null> {
    requirePermission(viewer, READ_USERS)
    const id = parseId(given)
    const [account] = id === undefined ? [] : await this.accounts.findVisible(viewer, [id])
    return account ?? null
  }

  /** Those with a role, by login, as `viewer` may see them; whether they may know of them is the caller's to say. */
  listOfRole(viewer: Viewer, roleId: string, args: AccountPageArgs): Promise<Page<VisibleAccount>> {
    return this.page(viewer, { ...args, sort: 'LOGIN', filter: { roleId } })
  }

  private async page(
    viewer: Viewer,
    { filter, sort, first, after }: AccountPageArgs & { filter: AccountFilter; sort: AccountSort },
  ): Promise<Page<VisibleAccount>> {
    const size = pageSize(first)
    const cursor = after == null ? undefined : readCursor(sort, after)
    const found = await this.repository.find({ filter, sort, limit: size + 1, after: cursor })
    const positions = found.slice(0, size)
    const accounts = await this.accounts.findVisible(
      viewer,
      positions.map(({ id }) => id),
    )
    const byId = new Map(accounts.map((account) => [account.id, account]))
    return {
      // one that was deleted between the two statements leaves the page shorter, and it still leads to the next one
      edges: positions.flatMap((position) => {
        const node = byId.get(position.id)
        return node ? [{ node, cursor: writeCursor(sort, position) }] : []
      }),
      hasNextPage: found.length > size,
      hasPreviousPage: after != null,
      endCursor: positions.length > 0 ? writeCursor(sort, positions.at(-1)!) : null,
      count: () => this.repository.count(filter),
    }
  }

  private async parse(given: z.input<typeof filterInput>): Promise<AccountFilter> {
    const { search, role, blocked, registeredFrom, registeredBefore } = validate(
      filterInput,
      given,
      'filter',
    )
    return {
      search: search || undefined,
      roleId: role == null ? undefined : await this.roleId(role),
      blocked: blocked ?? undefined,
      registeredFrom: registeredFrom ?? undefined,
      registeredBefore: registeredBefore ?? undefined,
    }
  }

  private async roleId(name: string): Promise<string> {
    const role = roleName.safeParse(name).success && (await this.roles.findByName(name))
    if (role) return role.id
    throw new AppError('BAD_USER_INPUT', 'filter.role: there is no such role', {
      argument: ['filter', 'role'],
    })
  }
}

const isByLogin = (sort: AccountSort) => sort === 'LOGIN' || sort === 'LOGIN_REVERSED'

const writeCursor = (sort: AccountSort, { loginKey, createdAt, id }: AccountPosition): string =>
  encodeCursor(isByLogin(sort) ? [loginKey] : [createdAt, id])

const readCursor = (sort: AccountSort, cursor: string): AccountCursor =>
  decodeCursor<z.ZodType<AccountCursor>>(isByLogin(sort) ? loginCursor : createdAtCursor, cursor)
