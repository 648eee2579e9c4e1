import { type GraphQLSchema, isInputObjectType, isObjectType, valueFromAST } from 'graphql'

/**
 * Reads the default values of all arguments and input fields anew from the SDL. They were read before the enums had their internal
 * values, so that without this a default of `EN` would reach a resolver as `'EN'` and an argument of `EN` as `'en'`.
 */
export function renewDefaults(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const inputs = isInputObjectType(type)
      ? Object.values(type.getFields())
      : isObjectType(type)
        ? Object.values(type.getFields()).flatMap((field) => field.args)
        : []
    for (const input of inputs) {
      const literal = input.astNode?.defaultValue
      if (literal) input.defaultValue = valueFromAST(literal, input.type)
    }
  }
}
