import { ConfigError } from '@cinegraph/kit/config'
import {
  getNamedType,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import type { Separated } from './directives.js'
import { createIntern, type Intern, type Requirement } from './requirement.js'

/** What all must be met by those who select a field of a type; empty for most. Equal requirements are one object. */
export type Rules = (type: string, field: string) => readonly Requirement[]

const NOTHING: readonly Requirement[] = []

/**
 * A field requires what it, its type and the type it returns require. Selected on an interface it requires that of
 * every implementation, since any of them may answer. A guarded interface whose implementations are free is a
 * ConfigError: fragments would get round it.
 */
export function createRules(schema: GraphQLSchema, guards: Separated['guards']): Rules {
  const ruled = createRuled({ schema, guards, intern: createIntern() })
  const types = Object.values(schema.getTypeMap()).filter(
    (it) => isObjectType(it) || isInterfaceType(it),
  )
  const rules = new Map(
    types.map((type) => {
      const required = Object.keys(type.getFields()).map(
        (field) => [field, [...new Set(ruled(type, field))]] as const,
      )
      return [type.name, new Map(required.filter(([, all]) => all.length > 0))] as const
    }),
  )
  return (type, field) => rules.get(type)?.get(field) ?? NOTHING
}

interface Sources {
  schema: GraphQLSchema
  guards: Separated['guards']
  intern: Intern
}

function createRuled({ schema, guards, intern }: Sources) {
  const at = (...coordinates: string[]) =>
    coordinates.flatMap((it) => {
      const anyOf = guards.get(it)
      return anyOf ? intern(anyOf) : []
    })

  /** What is returned as an abstract type is open to those who may have one of its types. */
  const returned = (type: GraphQLNamedOutputType): Requirement[] => {
    if (!isAbstractType(type)) return at(type.name)
    const possible = schema.getPossibleTypes(type).map((it) => guards.get(it.name))
    return possible.length > 0 && possible.every((it) => it !== undefined)
      ? [intern(possible.flat())]
      : []
  }

  const ruled = (type: GraphQLObjectType | GraphQLInterfaceType, field: string): Requirement[] => {
    const own = at(type.name, `${type.name}.${field}`)
    if (isObjectType(type)) {
      return [...own, ...returned(getNamedType(type.getFields()[field]!.type))]
    }
    const implementations = schema.getPossibleTypes(type)
    assertDerived(type, field)
    return [...own, ...implementations.flatMap((it) => ruled(it, field))]
  }

  const assertDerived = (type: GraphQLAbstractType, field: string) => {
    for (const suffix of ['', `.${field}`]) {
      const guarded = schema.getPossibleTypes(type).some((it) => guards.has(`${it.name}${suffix}`))
      if (guards.has(`${type.name}${suffix}`) && !guarded) {
        throw new ConfigError([
          `SUPERGRAPH_PATH: ${type.name}${suffix} is guarded and its implementations are not; guard them`,
        ])
      }
    }
  }
  return ruled
}
