import type { DependencyError } from '@cinegraph/kit/errors'
import { GraphQLError } from 'graphql'
import type { Answers, Fetch, Json, Path, Problem, SubgraphError } from './answers.js'
import { createErrorReport, type ErrorReport } from './error-report.js'
import { locate } from './locate.js'
import {
  createResponseNames,
  createSelectedPrefix,
  type Operation,
  type ResponseNames,
} from './selections.js'

interface Placed {
  path: Path | undefined
  make: (path: Path | undefined) => GraphQLError
}

/** What was executed, and what came of it. */
export interface Executed {
  operation: Operation
  data: Json | null | undefined
}

/**
 * Turns subgraph errors into errors of the client's answer: one per response position that lost its value.
 * Fields that only the plan asked for (keys, `@requires`) are unknown to the client, so their errors move to
 * the null fields beside them. What the report has of a position already is left as it is. Runs only when something
 * failed; nothing here is on the hot path.
 */
export function placeErrors(
  answers: Answers,
  { data, operation }: Executed,
  report: ErrorReport = createErrorReport(),
): GraphQLError[] {
  const selectedPrefix = createSelectedPrefix(operation)
  const hidden: { parent: Path; item: Placed }[] = []
  for (const item of placesOf(answers)) {
    if (!report.look()) break
    const parent = item.path && selectedPrefix(item.path)
    if (parent && parent.length < item.path!.length) hidden.push({ parent, item })
    else report.add(item.path, item.make)
  }
  for (const { parent, item } of hidden) {
    for (const path of nullsUnder(parent, data)) report.add(path, item.make)
  }
  return report.errors()
}

function* placesOf({ problems, data }: Answers): Iterable<Placed> {
  for (const problem of problems) yield* place(problem, data)
}

function* place(problem: Problem, data: Json): Iterable<Placed> {
  const site: Site = {
    fetch: problem.fetch,
    positions: locate(problem.fetch, data),
    responseNames: createResponseNames(problem.fetch.query),
  }
  if (problem.kind === 'failed') {
    const make = unavailable(problem.error)
    for (const path of everywhere(site)) yield { path, make }
    return
  }
  for (const error of problem.errors) {
    const make = reported(error)
    for (const path of pathsOf(error, site, problem.hasData)) yield { path, make }
  }
}

/** Where a fetch was asked for. */
interface Site {
  fetch: Fetch
  /** Of each entity, or of the root. */
  positions: readonly Path[]
  responseNames: ResponseNames
}

function pathsOf(error: SubgraphError, site: Site, hasData: boolean): Iterable<Path | undefined> {
  const { fetch, positions } = site
  if (!fetch.representations) {
    if (error.path) return [[...fetch.path, ...error.path]]
    return hasData ? [undefined] : everywhere(site)
  }
  const [, index, ...rest] = error.path ?? []
  if (typeof index !== 'number') return hasData ? [undefined] : everywhere(site)
  const position = positions[index]
  if (!position) return [undefined]
  return rest.length > 0 ? [[...position, ...rest]] : fieldsOf(site, index)
}

function* everywhere(site: Site): Iterable<Path | undefined> {
  let found = false
  for (const index of site.positions.keys()) {
    for (const path of fieldsOf(site, index)) {
      found = true
      yield path
    }
  }
  // an error is never dropped because its place is unknown
  if (!found) yield undefined
}

function fieldsOf({ fetch, positions, responseNames }: Site, index: number): Path[] {
  const names = responseNames(fetch.representations?.[index]?.['__typename'])
  return names.map((name) => [...positions[index]!, name])
}

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
