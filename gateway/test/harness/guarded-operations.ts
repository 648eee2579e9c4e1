import type fc from 'fast-check'
import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isUnionType,
} from 'graphql'
import { guardedSchema } from './guarded-reference.js'

export interface Generated {
  text: string
  variables: Record<string, boolean>
}

type Draw = fc.GeneratorValue

/** Where fields are selected: the type it says, and the types that an object may have there. */
interface Position {
  type: GraphQLCompositeType
  possible: readonly GraphQLObjectType[]
  depth: number
}

const MAX_DEPTH = 4

/**
 * Makes operations of all that the guarded schema has: fragments named and inline, nested and used twice, aliases,
 * `@skip` and `@include` by literal, variable and default, unions, interfaces, nested lists. Most are valid.
 */
export function generateOperation(draw: Draw, { integer }: Pick<typeof fc, 'integer'>): Generated {
  const upTo = (max: number) => draw(integer, { min: 0, max })
  const chance = (oneIn: number) => upTo(oneIn - 1) === 0
  const oneOf = <T>(items: readonly T[]): T => items[upTo(items.length - 1)]!
  const fragments: (Position & { name: string; text: string })[] = []
  const variables = new Map<string, { definition: string; value: boolean | undefined }>()

  const condition = (): string => {
    if (!chance(6)) return ''
    const directive = oneOf(['skip', 'include'])
    return ` @${directive}(if: ${chance(3) ? String(chance(2)) : variable()})`
  }

  const variable = (): string => {
    const name = oneOf(['a', 'b', 'c'])
    if (!variables.has(name)) {
      const value = chance(2)
      const definition = chance(2) ? `$${name}: Boolean!` : `$${name}: Boolean = ${chance(2)}`
      const isGiven = definition.endsWith('!') || chance(2)
      variables.set(name, { definition, value: isGiven ? value : undefined })
    }
    return `$${name}`
  }

  const selections = (position: Position): string =>
    `{ ${Array.from({ length: 1 + upTo(4) }, () => selection(position)).join(' ')} }`

  const selection = (position: Position): string => {
    const { type, depth } = position
    const fields = isUnionType(type) ? [] : Object.values(type.getFields())
    if (depth < MAX_DEPTH && (fields.length === 0 || chance(3))) return fragment(position)
    if (fields.length === 0 || chance(8)) return `__typename${condition()}`
    return field(oneOf(fields), depth)
  }

  const field = ({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string => {
    const returned = getNamedType(type)
    if (isCompositeType(returned) && depth >= MAX_DEPTH) return `__typename${condition()}`
    const id = 1 + upTo(1)
    const given = args.length > 0 ? `(id: "${id}")` : ''
    const alias = args.length > 0 ? `${name}${id}: ` : chance(6) ? `${oneOf(['x', 'y'])}: ` : ''
    const below = isCompositeType(returned) ? ` ${selections(positionOf(returned, depth + 1))}` : ''
    return `${alias}${name}${given}${condition()}${below}`
  }

  const fragment = (position: Position): string => {
    const inner = oneOf(narrowed(position))
    const on = inner.type.name
    if (chance(2)) {
      const isBare = inner.type === position.type && chance(2)
      return `...${isBare ? '' : ` on ${on}`}${condition()} ${selections(inner)}`
    }
    const known = fragments.filter((it) => it.type === inner.type && isSame(it, inner))
    if (known.length > 0 && chance(2)) return `...${oneOf(known).name}${condition()}`
    const body = selections(inner)
    const name = `F${fragments.length}`
    fragments.push({ ...inner, name, text: `fragment ${name} on ${on} ${body}` })
    return `...${name}${condition()}`
  }

  const isMutation = chance(6)
  const root = guardedSchema.getType(isMutation ? 'Mutation' : 'Query') as GraphQLCompositeType
  const body = selections(positionOf(root, 0))
  const definitions = [...variables.values()].map(({ definition }) => definition).join(', ')
  const head = `${isMutation ? 'mutation' : 'query'}${definitions ? ` (${definitions})` : ''}`
  const given = [...variables].flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return {
    text: [`${head} ${body}`, ...fragments.map(({ text }) => text)].join('\n'),
    variables: Object.fromEntries(given),
  }
}

function possibleTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? guardedSchema.getPossibleTypes(type) : [type]
}

const positionOf = (type: GraphQLCompositeType, depth: number): Position => ({
  ...{ type, depth },
  possible: possibleTypes(type),
})

/**
 * The fragments that some object at a position matches. Others are valid too, but where they nest Apollo's executor
 * gives null to all they are in.
 */
const narrowed = ({ possible, depth }: Position): Position[] =>
  Object.values(guardedSchema.getTypeMap())
    .filter((it) => isCompositeType(it))
    .map((type) => ({
      ...{ type, depth: depth + 1 },
      possible: possibleTypes(type).filter((it) => possible.includes(it)),
    }))
    .filter((it) => it.possible.length > 0)

const isSame = (one: Position, other: Position): boolean =>
  one.possible.length === other.possible.length &&
  one.possible.every((it) => other.possible.includes(it))
