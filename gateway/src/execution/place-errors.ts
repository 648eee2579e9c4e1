import type { DependencyError } from '@cinegraph/kit/errors'
import { GraphQLError } from 'graphql'
import type { Answers, Fetch, Json, Path, Problem, SubgraphError } from './answers.js'
import { locate } from './locate.js'
import { type Operation, responseNames, selectedPrefix } from './selections.js'

interface Placed {
  path: Path | undefined
  make: (path: Path | undefined) => GraphQLError
}

/**
 * Turns subgraph errors into errors of the client's answer: one per response position that lost its value.
 * Fields that only the plan asked for (keys, `@requires`) are unknown to the client, so their errors move to
 * the null fields beside them. Runs only when something failed; nothing here is on the hot path.
 */
export function placeErrors(
  answers: Answers,
  data: Json | null | undefined,
  operation: Operation,
): GraphQLError[] {
  const placed = answers.problems.flatMap((problem) => place(problem, answers.data))
  const errors: GraphQLError[] = []
  const seen = new Set<string>()
  const report = (path: Path | undefined, { make }: Placed) => {
    const position = JSON.stringify(path)
    if (path && seen.has(position)) return
    seen.add(position)
    errors.push(make(path))
  }
  const hidden: { parent: Path; item: Placed }[] = []
  for (const item of placed) {
    const parent = item.path && selectedPrefix(operation, item.path)
    if (parent && parent.length < item.path!.length) hidden.push({ parent, item })
    else report(item.path, item)
  }
  for (const { parent, item } of hidden) {
    for (const path of nullsUnder(parent, data)) report(path, item)
  }
  return errors
}

function place(problem: Problem, data: Json): Placed[] {
  const { fetch } = problem
  const positions = locate(fetch, data)
  if (problem.kind === 'failed') {
    const make = unavailable(problem.error)
    return everywhere(fetch, positions).map((path) => ({ path, make }))
  }
  return problem.errors.flatMap((error) =>
    pathsOf({ error, fetch, positions, hasData: problem.hasData }).map((path) => ({
      path,
      make: reported(error),
    })),
  )
}

function pathsOf(options: {
  error: SubgraphError
  fetch: Fetch
  positions: readonly Path[]
  hasData: boolean
}): (Path | undefined)[] {
  const { error, fetch, positions, hasData } = options
  if (!fetch.representations) {
    if (error.path) return [[...fetch.path, ...error.path]]
    return hasData ? [undefined] : everywhere(fetch, positions)
  }
  const [, index, ...rest] = error.path ?? []
  if (typeof index !== 'number') return hasData ? [undefined] : everywhere(fetch, positions)
  const position = positions[index]
  if (!position) return [undefined]
  return rest.length > 0 ? [[...position, ...rest]] : fieldsOf(fetch, position, index)
}

function everywhere(fetch: Fetch, positions: readonly Path[]): (Path | undefined)[] {
  const paths = positions.flatMap((position, index) => fieldsOf(fetch, position, index))
  // an error is never dropped because its place is unknown
  return paths.length > 0 ? paths : [undefined]
}

const fieldsOf = (fetch: Fetch, position: Path, index: number): Path[] =>
  responseNames(fetch.query, fetch.representations?.[index]?.['__typename']).map((name) => [
    ...position,
    name,
  ])

const unavailable = (error: DependencyError) => (path: Path | undefined) =>
  new GraphQLError(error.message, { path, originalError: error })

const reported =
  ({ message, extensions }: SubgraphError) =>
  (path: Path | undefined) =>
    new GraphQLError(message, { path, extensions })

/** The fields of the object at `parent` that came out null; `parent` itself when it has none to look at. */
function nullsUnder(parent: Path, data: Json | null | undefined): Path[] {
  let value: unknown = data
  for (const [depth, key] of parent.entries()) {
    if (value === null || typeof value !== 'object') return [parent.slice(0, depth)]
    value = (value as Record<string | number, unknown>)[key]
  }
  if (value === null || typeof value !== 'object') return [parent]
  return Object.entries(value)
    .filter(([, child]) => child === null)
    .map(([name]) => [...parent, name])
}
