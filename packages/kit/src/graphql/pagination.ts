import 'reflect-metadata'
import { ArgsType, Directive, Field, Int, ObjectType, type ClassType } from 'type-graphql'
import { DEFAULT_PAGE_SIZE, type Edge, MAX_PAGE_SIZE, type Page } from '../pagination.js'
import { CacheControl, type CacheHint } from './cache-control.js'

@Directive('@shareable')
@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'Where a page stands in its list (Relay).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are items after this page.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether there are items before this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first item; null on an empty page.',
  })
  startCursor!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last item, to be given as `after` for the next page; null on an empty page.',
  })
  endCursor!: string | null
}

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many items to return, 1 to ${MAX_PAGE_SIZE}.`,
  })
  first!: number

  @Field(() => String, {
    nullable: true,
    description: 'Return the items after this cursor: `pageInfo.endCursor` of the page before.',
  })
  after?: string | null
}

export const pageInfoOf = (page: Omit<Page<unknown>, 'count'>): PageInfo =>
  Object.assign(new PageInfo(), {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.edges[0]?.cursor ?? null,
    endCursor: page.endCursor ?? page.edges.at(-1)?.cursor ?? null,
  })

/**
 * The Relay types `<name>Connection` and `<name>Edge` over `node`, made from pages of `T`, the record that the resolvers of
 * `node` are given. Call once per node type, in its type file; `shareable` when several subgraphs have the type. Without a
 * `cacheHint` a page is kept as long as what it is in.
 */
export function connectionOf<T extends object>(
  node: () => ClassType,
  name: string,
  options: { shareable?: boolean; cacheHint?: CacheHint } = {},
) {
  const { shareable = false, cacheHint = { inheritMaxAge: true } } = options
  const decorate: ClassDecorator = shareable ? Directive('@shareable') : () => {}

  @decorate
  @CacheControl(cacheHint)
  @ObjectType(`${name}Edge`, { description: `A ${name} in a list, with its cursor.` })
  class ItemEdge {
    @Field(node, { description: `The ${name}.` })
    node!: T

    @Field(() => String, { description: 'Opaque position of this item in the list.' })
    cursor!: string
  }

  @decorate
  @CacheControl(cacheHint)
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name} items (Relay).` })
  class Connection {
    @Field(() => [ItemEdge], { description: 'The items of this page, in order.' })
    edges!: readonly Edge<T>[]

    @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
    pageInfo!: PageInfo

    count!: () => Promise<number>

    @Field(() => Int, {
      description:
        'Exact number of items in the whole list; costs a count, so ask only when it is shown.',
    })
    totalCount(): Promise<number> {
      return this.count()
    }

    static from(page: Page<T>): Connection {
      return Object.assign(new Connection(), {
        edges: page.edges,
        count: page.count,
        pageInfo: pageInfoOf(page),
      })
    }
  }
  return Connection
}
