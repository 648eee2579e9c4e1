import type { Viewer } from '@cinegraph/kit/identity'
import { buildASTSchema, getVariableValues, GraphQLError, parse } from 'graphql'
import type { Json, Path } from '../execution/answers.js'
import { separateAuthorization } from './directives.js'
import type { Filtered } from './filter.js'
import { createPlans, type Planned } from './plans.js'
import { type Removed, removedPaths } from './removed-paths.js'
import { isMet, refusalOf } from './requirement.js'
import { createRules } from './rules.js'
import { withNulls } from './with-nulls.js'

export interface Asked extends Planned {
  readonly variables: Readonly<Record<string, unknown>>
  readonly viewer: Viewer
}

/** A field that the viewer may not have. */
export interface Refusal {
  readonly path: Path
  readonly toError: () => GraphQLError
}

/** What a viewer gets of an operation that asks for more than that. */
export interface Restricted {
  readonly planned: Planned
  /** One per removed field, in the order of the operation; those that `@skip` and `@include` leave out have none. */
  readonly refusals: readonly Refusal[]
  /** The answer to the whole operation, from what the planned part of it brought. */
  readonly complete: (data: Json) => Json | null
}

export interface Authorization {
  /** The supergraph as the planner takes it. */
  readonly supergraphSdl: string
  /** Undefined when the viewer may have all that is asked. */
  restrict(asked: Asked): Restricted | undefined
}

export const UNAUTHORIZED = 'UNAUTHORIZED_FIELD_OR_TYPE'

const MAX_PATHS = 100

/** Enforces `@authenticated` and `@requiresScopes` of a supergraph. What it cannot enforce is a ConfigError. */
export function createAuthorization(supergraphSdl: string): Authorization {
  const supergraph = parse(supergraphSdl)
  const separated = separateAuthorization(supergraph)
  if (separated.guards.size === 0) return { ...separated, restrict: () => undefined }
  const schema = buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true })
  const plans = createPlans(schema, createRules(schema, separated.guards))
  return {
    ...separated,
    restrict(asked) {
      const { viewer } = asked
      const unmet = plans.requirementsOf(asked).filter((it) => !isMet(it, viewer))
      if (unmet.length === 0) return undefined
      const { filtered, planned } = plans.planFor(asked, new Set(unmet))
      const { definition, fragments } = filtered.original
      const variables = definition.variableDefinitions ?? []
      const { coerced = {} } = getVariableValues(schema, variables, asked.variables)
      const reading = { schema, fragments, variables: coerced }
      return {
        planned,
        refusals: [...removedPaths(filtered, reading)].map((it) => refusal(it, filtered, viewer)),
        complete: (data) => withNulls(data, filtered, reading),
      }
    },
  }
}

const refusal = ({ node, type, path }: Removed, filtered: Filtered, viewer: Viewer): Refusal => ({
  path,
  toError() {
    const message = refusalOf(`${type}.${node.name.value}`, filtered.removed.get(node)!, viewer)
    const loginRequired = viewer.kind === 'anonymous'
    const extensions = { code: UNAUTHORIZED, loginRequired }
    return new GraphQLError(message, { nodes: node, path, extensions })
  },
})

/** One error for all of an operation that is not executed because of them. `extensions.paths` has a hundred at most. */
export function rejection(refusals: readonly Refusal[]): GraphQLError {
  const { message, extensions } = refusals[0]!.toError()
  const others = refusals.length - 1
  const more = others === 0 ? '' : ` The operation has ${others} more fields that you may not have.`
  const paths = refusals.slice(0, MAX_PATHS).map(({ path }) => path)
  return new GraphQLError(`Nothing was executed. ${message}${more}`, {
    extensions: { ...extensions, paths },
  })
}
