import { createHash } from 'node:crypto'
import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, print } from 'graphql'
import { LRUCache } from 'lru-cache'
import { operationOf } from '../execution/selections.js'
import { type Filtered, filterOperation } from './filter.js'
import type { Requirement } from './requirement.js'
import type { Rules } from './rules.js'

/** What is planned. */
export interface Planned {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** The planner keeps plans by it and the name of the operation. */
  readonly queryHash: string
}

export interface Plan {
  readonly filtered: Filtered
  readonly planned: Planned
}

export interface Plans {
  /** All that a whole operation requires; looked up once per document. */
  requirementsOf(asked: Planned): readonly Requirement[]
  /** The operation for those who do not meet these, kept per document, operation and outcome. */
  planFor(asked: Planned, unmet: ReadonlySet<Requirement>): Plan
}

// characters of filtered documents, of which a syntax tree takes some hundred bytes each
const KEPT_CHARACTERS = 1_000_000

export function createPlans(schema: GraphQLSchema, rules: Rules): Plans {
  // Apollo keeps documents, so this lasts as long as theirs
  const required = new WeakMap<OperationDefinitionNode, readonly Requirement[]>()
  const plans = new LRUCache<string, Plan & { characters: number }>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ characters }) => characters,
  })
  const filter = (asked: Planned, isUnmet: (requirement: Requirement) => boolean) =>
    filterOperation(operationOf(asked.operation, asked.document), { schema, rules, isUnmet })

  const requirementsOf: Plans['requirementsOf'] = (asked) => {
    const known = required.get(asked.operation)
    if (known) return known
    const all = new Set<Requirement>()
    filter(asked, (requirement) => {
      all.add(requirement)
      // nothing is taken out, so everything is visited
      return false
    })
    required.set(asked.operation, [...all])
    return [...all]
  }

  return {
    requirementsOf,
    planFor(asked, unmet) {
      const outcome = requirementsOf(asked).map((it) => (unmet.has(it) ? '-' : '+'))
      const name = asked.operation.name?.value ?? ''
      const key = `${asked.queryHash} ${name} ${outcome.join('')}`
      const known = plans.get(key)
      if (known) return known
      const filtered = filter(asked, (it) => unmet.has(it))
      const plan = { filtered, ...planned(filtered) }
      plans.set(key, plan)
      return plan
    },
  }
}

/** Equal documents share a hash, and with it their plan. */
function planned({ operation, document }: Filtered): { planned: Planned; characters: number } {
  const text = print(document)
  const queryHash = createHash('sha256').update(text).digest('hex')
  return {
    planned: { document, operation: operation.definition, queryHash },
    characters: text.length,
  }
}
