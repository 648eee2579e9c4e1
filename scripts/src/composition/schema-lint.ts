import {
  type DocumentNode,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  visit,
} from 'graphql'

const PASCAL = /^[A-Z][A-Za-z0-9]*$/
const CAMEL = /^[a-z][A-Za-z0-9]*$/
const CAPS = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/
const INPUT_SUFFIX = /(Input|Filter|Sort)$/
const CONNECTION_FIELDS = ['edges', 'pageInfo', 'totalCount']

/** One line per offence against the house's rules for what clients see: names, descriptions, Relay connections. */
export function lintApiSchema(schema: GraphQLSchema): string[] {
  const problems: string[] = []
  const check = (
    where: string,
    { name, description }: { name: string; description?: string | null | undefined },
    pattern: RegExp,
  ) => {
    if (!pattern.test(name)) problems.push(`${where}: the name does not match ${String(pattern)}`)
    if (!description?.trim()) problems.push(`${where}: has no description`)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
    check(type.name, type, isInputObjectType(type) ? INPUT_SUFFIX : PASCAL)
    if (isEnumType(type)) {
      for (const value of type.getValues()) check(`${type.name}.${value.name}`, value, CAPS)
    }
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of fieldsOf(type)) {
        check(`${type.name}.${field.name}`, field, CAMEL)
        const args: readonly GraphQLArgument[] = 'args' in field ? field.args : []
        for (const arg of args) check(`${type.name}.${field.name}(${arg.name}:)`, arg, CAMEL)
        if (
          getNamedType(field.type).name.endsWith('Connection') &&
          !args.some((it) => it.name === 'first')
        ) {
          problems.push(`${type.name}.${field.name}: a connection needs the argument first`)
        }
      }
    }
    if (isObjectType(type) && type.name.endsWith('Connection')) {
      for (const name of CONNECTION_FIELDS.filter((it) => !(it in type.getFields()))) {
        problems.push(`${type.name}: a connection needs the field ${name}`)
      }
    }
  }
  return problems
}

const fieldsOf = (
  type: GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType,
): (GraphQLField<unknown, unknown> | GraphQLInputField)[] =>
  Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields())

/** Arguments inside `@requires` compose, and then give silently wrong data. */
export function lintRequires(subgraph: string, sdl: DocumentNode): string[] {
  const problems: string[] = []
  visit(sdl, {
    FieldDefinition(field) {
      for (const directive of field.directives ?? []) {
        const selection = directive.arguments?.find((it) => it.name.value === 'fields')?.value
        if (directive.name.value !== 'requires' || selection?.kind !== Kind.STRING) continue
        visit(parse(`{ ${selection.value} }`), {
          Argument() {
            problems.push(`${subgraph}: @requires of field ${field.name.value} has an argument`)
          },
        })
      }
    },
  })
  return problems
}
