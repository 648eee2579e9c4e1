import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  OperationTypeNode,
} from 'graphql'
import type { Random } from '../../src/catalogue/random.js'
import { callFor, joined, type Operation, type Values } from '../authorization/operation-for.js'

const LEVELS = 8
const MAX_ROOT_FIELDS = 3

/**
 * A query of up to three fields and of whatever can be selected of them. `values` are sets of arguments by root field, one of
 * which is taken; those of the fields below are made up.
 */
export function randomQuery(
  schema: GraphQLSchema,
  values: Readonly<Record<string, readonly Values[]>>,
  random: Random,
): Operation {
  const roots = Object.values(schema.getQueryType()!.getFields())
  const operation = OperationTypeNode.QUERY
  const calls = Array.from({ length: 1 + random.integer(MAX_ROOT_FIELDS) }, (_, index) => {
    const { name: field, type } = random.pick(roots)
    const selection = selectionOf(getNamedType(type), LEVELS)
    const asked = { operation, field, alias: `root${index}`, selection }
    return callFor(schema, asked, random.pick(values[field] ?? [{}]))
  })
  return joined(operation, calls)

  function selectionOf(type: GraphQLNamedType, levels: number): string {
    if (isAbstractType(type)) {
      const types = schema.getPossibleTypes(type)
      const fragments = types.map((it) => `... on ${it.name} ${selectionOf(it, levels)}`)
      return `{ __typename ${fragments.join(' ')} }`
    }
    if (!isObjectType(type)) return ''
    const fields = Object.values(type.getFields()).filter((it) => !it.args.some(isRequiredArgument))
    const chosen = fields.filter((it) => random.next() < 0.5 && (levels > 1 || !isNested(it)))
    const selected = chosen.map(
      (it) => `${it.name}${argumentsOf(it)} ${selectionOf(getNamedType(it.type), levels - 1)}`,
    )
    return `{ __typename ${selected.join(' ')} }`
  }

  function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
    const known = args.flatMap(({ name }) => {
      if (name === 'first') return [`first: ${1 + random.integer(3)}`]
      return name === 'language' ? [`language: ${random.pick(['EN', 'RU'])}`] : []
    })
    return known.length > 0 ? `(${known.join(', ')})` : ''
  }
}

const isNested = ({ type }: GraphQLField<unknown, unknown>) => isCompositeType(getNamedType(type))
