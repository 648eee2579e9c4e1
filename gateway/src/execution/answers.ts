import type { DependencyError } from '@cinegraph/kit/errors'

export type Path = readonly (string | number)[]
export type Json = Readonly<Record<string, unknown>>

/** An error as a subgraph reports it; its path is one of the subgraph's own answer. */
export interface SubgraphError {
  message: string
  path?: Path | undefined
  extensions?: Json | undefined
}

/** One question to a subgraph, and where in the client's answer its data belongs. */
export interface Fetch {
  readonly subgraph: string
  /** Response names from the root; `@` stands for every item of a list. */
  readonly path: Path
  readonly query: string
  /** Of an entity fetch: the entities asked about, in the order in which they stand at `path`. */
  readonly representations?: readonly Json[] | undefined
}

/** A fetch that did not fully succeed. */
export type Problem = { readonly fetch: Fetch } & (
  | { readonly kind: 'failed'; readonly error: DependencyError }
  | { readonly kind: 'reported'; readonly errors: readonly SubgraphError[]; hasData: boolean }
)

/** Collects what is needed to tell the client where each subgraph error belongs. */
export interface Answers {
  /** The unfiltered result: entity fetches are merged into these very objects by the executor. */
  readonly data: Json
  readonly problems: readonly Problem[]
  /** What something else stood in for, see the kit's `degradedPlugin`. */
  readonly degraded: ReadonlySet<string>
  addData(fetch: Fetch, data: Json | null | undefined): void
  addProblem(problem: Problem): void
  addDegraded(names: readonly string[]): void
}

export function createAnswers(): Answers {
  const data: Record<string, unknown> = {}
  const problems: Problem[] = []
  const degraded = new Set<string>()
  return {
    data,
    problems,
    degraded,
    addData(fetch, answer) {
      if (fetch.path.length > 0 || !answer) return
      // the executor keeps the first object of a name and merges later ones into it
      for (const [name, value] of Object.entries(answer)) data[name] ??= value
    },
    addProblem: (problem) => problems.push(problem),
    addDegraded: (names) => names.forEach((name) => degraded.add(name)),
  }
}
