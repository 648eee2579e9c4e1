import {
  Arg,
  Args,
  Ctx,
  Directive,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql'
import { AppError, DependencyError } from '@cinegraph/kit/errors'
import type { RequestContext } from '@cinegraph/kit/graphql/subgraph'
import { ConnectionArgs, connectionOf } from '@cinegraph/kit/graphql/pagination'
import { pageSize } from '@cinegraph/kit/pagination'

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A toy of the shop. Has nothing to do with @shareable or @tag.' })
export class Toy {
  @Field(() => ID, { description: 'Names the toy for good.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'What it says on the box.' })
  label!: string | null

  @Field(() => Toy, { nullable: true, description: 'The toy next to it.' })
  next?: Toy | null
}

const ToyConnection = connectionOf<Toy>(() => Toy, 'Toy')

const toy = (fields: Partial<Toy>): Toy => Object.assign(new Toy(), fields)
const toys = ['car', 'doll', 'ёлка'].map((label, index) => toy({ id: String(index), label }))

/** What a test makes the field `failing` throw, and the gate that the field `slow` waits at. */
export interface ToyShop {
  failure: () => unknown
  gate: Promise<unknown>
  reached: () => void
}

@Resolver(() => Toy)
export class ToyResolver {
  constructor(private readonly shop: ToyShop) {}

  @Query(() => Toy, { nullable: true, description: 'A toy by its id.' })
  toy(@Arg('id', () => ID, { description: 'Of the toy.' }) id: string): Toy | null {
    return toys[Number(id)] ?? null
  }

  @Query(() => ToyConnection, { description: 'All toys.' })
  toys(@Args(() => ConnectionArgs) { first }: ConnectionArgs) {
    const edges = toys.slice(0, pageSize(first)).map((node) => ({ node, cursor: node.id }))
    return ToyConnection.from({
      edges,
      hasNextPage: edges.length < toys.length,
      hasPreviousPage: false,
      count: async () => toys.length,
    })
  }

  @Query(() => String, { description: 'Who asks.' })
  who(@Ctx() { viewer }: RequestContext): string {
    return viewer.kind === 'user' ? viewer.id : viewer.kind
  }

  @Query(() => Toy, { nullable: true, description: 'Throws.' })
  failing(): Toy {
    throw this.shop.failure()
  }

  @Query(() => Int, { description: 'Breaks its own promise.' })
  missing(): number {
    return null as unknown as number
  }

  @Query(() => Toy, { nullable: true, description: 'Waits at the gate.' })
  async slow(): Promise<Toy> {
    this.shop.reached()
    await this.shop.gate
    return toy({ id: '0', label: 'slow', next: toy({ id: '1', label: 'late' }) })
  }
}

export const toyReference = ({ id }: { id: string }) => {
  if (id === 'forbidden') throw new AppError('FORBIDDEN', 'Not this one.')
  if (id === 'down') throw new DependencyError('postgres', 'connection to 10.0.0.1 lost')
  return toys[Number(id)] ?? null
}
