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
import type { AccountListLoaders } from './account-list.loader.js'
import type {
  AccountCursor,
  AccountFilter,
  AccountPosition,
  AccountSort,
} from './account-list.repository.js'
import { login } from '../accounts/account.rules.js'
import { tooLong, trimmedText } from '../accounts/typed-text.js'
import type { AccountService, VisibleAccount } from '../accounts/account.service.js'

export const MAX_SEARCH_LENGTH = 254

// before that nobody registered, and not every older date is one to Postgres
const EPOCH = new Date(0)
const instant = z.date().transform((date) => (date < EPOCH ? EPOCH : date))

const filterInput = z.object({
  search: trimmedText(MAX_SEARCH_LENGTH)
    .pipe(
      z
        .string()
        .max(MAX_SEARCH_LENGTH, tooLong(MAX_SEARCH_LENGTH))
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

/** Whoever reads lists. */
export interface ListReader {
  readonly viewer: Viewer
  readonly accountLists: AccountListLoaders
}

export class AccountListService {
  constructor(
    private readonly accounts: AccountService,
    private readonly roles: RoleRepository,
  ) {}

  /** Throws UNAUTHENTICATED, FORBIDDEN without `users:read`, and BAD_USER_INPUT. */
  async list(reader: ListReader, query: AccountListQuery): Promise<Page<VisibleAccount>> {
    requirePermission(reader.viewer, READ_USERS)
    return pageOf(reader, { ...query, filter: await this.parse(query.filter ?? {}) })
  }

  /** Null when there is none. Throws UNAUTHENTICATED, and FORBIDDEN without `users:read`. */
  async find(viewer: Viewer, given: string): Promise<VisibleAccount | null> {
    requirePermission(viewer, READ_USERS)
    const id = parseId(given)
    const [account] = id === undefined ? [] : await this.accounts.findVisible(viewer, [id])
    return account ?? null
  }

  /** Those with a role, by login, as the viewer may see them; whether they may know of them is the caller's to say. */
  listOfRole(
    reader: ListReader,
    roleId: string,
    args: AccountPageArgs,
  ): Promise<Page<VisibleAccount>> {
    return pageOf(reader, { ...args, sort: 'LOGIN', filter: { roleId } })
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

async function pageOf(
  { accountLists }: ListReader,
  { filter, sort, first, after }: AccountPageArgs & { filter: AccountFilter; sort: AccountSort },
): Promise<Page<VisibleAccount>> {
  const size = pageSize(first)
  const cursor = after == null ? undefined : readCursor(sort, after)
  const found = await accountLists.pages.load({ filter, sort, limit: size + 1, after: cursor })
  const listed = found.slice(0, size)
  return {
    // one that was deleted between the two statements leaves the page shorter, and it still leads to the next one
    edges: listed.flatMap(({ account: node, position }) =>
      node ? [{ node, cursor: writeCursor(sort, position) }] : [],
    ),
    hasNextPage: found.length > size,
    hasPreviousPage: after != null,
    endCursor: listed.length > 0 ? writeCursor(sort, listed.at(-1)!.position) : null,
    count: () => accountLists.counts.load(filter),
  }
}

const isByLogin = (sort: AccountSort) => sort === 'LOGIN' || sort === 'LOGIN_REVERSED'

const writeCursor = (sort: AccountSort, { loginKey, createdAt, id }: AccountPosition): string =>
  encodeCursor(isByLogin(sort) ? [loginKey] : [createdAt, id])

const readCursor = (sort: AccountSort, cursor: string): AccountCursor =>
  decodeCursor<z.ZodType<AccountCursor>>(isByLogin(sort) ? loginCursor : createdAtCursor, cursor)
