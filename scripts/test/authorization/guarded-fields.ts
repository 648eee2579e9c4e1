import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  valueFromASTUntyped,
} from 'graphql'

/** A field or, without `field`, a type that carries an authorization directive. */
export interface Guarded {
  readonly type: string
  readonly field?: string
  /** Whoever has all permissions of one of these sets may have it; a set is empty when being logged in is enough. */
  readonly alternatives: readonly (readonly string[])[]
}

/** All that a supergraph guards, in its order. */
export const guardedIn = (supergraph: string): Guarded[] =>
  typesIn(supergraph).flatMap(({ type, directives, fields }) => [
    ...directives.flatMap(alternativesOf).map((alternatives) => ({ type, alternatives })),
    ...fields.flatMap(({ name, directives = [] }) =>
      directives
        .flatMap(alternativesOf)
        .map((alternatives) => ({ type, field: name.value, alternatives })),
    ),
  ])

/** Whether a schema has this field, e.g. of `Mutation`. */
export const hasField = (sdl: string, type: string, field: string): boolean =>
  typesIn(sdl).some((it) => it.type === type && it.fields.some(({ name }) => name.value === field))

interface SdlType {
  type: string
  directives: readonly ConstDirectiveNode[]
  fields: readonly FieldDefinitionNode[]
}

const typesIn = (sdl: string): SdlType[] =>
  parse(sdl).definitions.flatMap((it) => {
    if (!isTypeDefinitionNode(it) && !isTypeExtensionNode(it)) return []
    const isInput =
      it.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION || it.kind === Kind.INPUT_OBJECT_TYPE_EXTENSION
    const fields = 'fields' in it && !isInput ? (it.fields ?? []) : []
    return [{ type: it.name.value, directives: it.directives ?? [], fields }]
  })

/** None for a directive of another kind. */
function alternativesOf({ name, arguments: args = [] }: ConstDirectiveNode): string[][][] {
  if (name.value === 'authenticated') return [[[]]]
  if (name.value !== 'requiresScopes') return []
  const scopes = args.find((it) => it.name.value === 'scopes')!.value
  return [valueFromASTUntyped(scopes) as string[][]]
}
