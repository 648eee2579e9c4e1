import type { ApolloServerPlugin } from '@apollo/server'
import {
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import type { GatewayContext } from '../execution/context.js'
import { operationOf } from '../execution/selections.js'
import { countNodes } from './count-nodes.js'
import { measure } from './measure.js'
import type { OperationLimits } from './operation-limits.js'

export interface LimitsOptions {
  limits: OperationLimits
  /** Whether refusals may hint at names of the schema. */
  suggestions: boolean
}

/** Refuses operations that ask too much, before they are planned; planning knows neither limits nor deadlines. */
export const limitsPlugin = ({
  limits,
  suggestions,
}: LimitsOptions): ApolloServerPlugin<GatewayContext> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation: definition, request }) {
        // the executor says so
        if (!definition) return
        assertServed(schema, definition)
        const operation = operationOf(definition, document)
        const { depth, fields, rootFields, aliases, directives } = measure(operation)
        assertWithin('fields', fields, limits.fields)
        assertWithin('root fields', rootFields, limits.rootFields)
        assertWithin('levels of fields', depth, limits.depth)
        assertWithin('aliases', aliases, limits.aliases)
        assertWithin('directives', directives, limits.directives)
        const variables = coerce({
          schema,
          definition,
          // clients send null too
          given: request.variables ?? {},
          suggestions,
        })
        const nodes = countNodes({ schema, operation, variables })
        assertWithin('list items in its answer', nodes, limits.nodes)
      },
    }
  },
})

function assertServed(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (operation !== OperationTypeNode.SUBSCRIPTION && schema.getRootType(operation)) return
  throw refusal('GRAPHQL_VALIDATION_FAILED', `There are no ${PLURAL[operation]} here.`)
}

const PLURAL = { query: 'queries', mutation: 'mutations', subscription: 'subscriptions' } as const

function assertWithin(what: string, actual: number, allowed: number): void {
  if (actual <= allowed) return
  const found = Number.isSafeInteger(actual) ? `up to ${actual}` : 'very many'
  throw refusal(
    'BAD_USER_INPUT',
    `The operation asks for ${found} ${what}; at most ${allowed} are allowed.`,
  )
}

/** The executor would do it again, but it prints the whole input for each of any number of mistakes. */
function coerce(options: {
  schema: GraphQLSchema
  definition: OperationDefinitionNode
  given: Record<string, unknown>
  suggestions: boolean
}): Record<string, unknown> {
  const { schema, definition, given, suggestions } = options
  const { coerced, errors } = getVariableValues(
    schema,
    definition.variableDefinitions ?? [],
    given,
    {
      maxErrors: 1,
      hideSuggestions: !suggestions,
    },
  )
  if (coerced) return coerced
  const [error] = errors
  throw refusal('BAD_USER_INPUT', error!.message, error)
}

const refusal = (code: string, message: string, error?: GraphQLError) =>
  new GraphQLError(message, {
    nodes: error?.nodes ?? null,
    originalError: error?.originalError ?? null,
    extensions: { code, http: { status: 400 } },
  })
