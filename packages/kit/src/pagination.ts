import { AppError } from './errors.js'

export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100

export interface Edge<T> {
  node: T
  cursor: string
}

/** One page of a list, as a service returns it. `count` is called only when the client selects `totalCount`. */
export interface Page<T> {
  edges: readonly Edge<T>[]
  hasNextPage: boolean
  hasPreviousPage: boolean
  /** Where the next page begins when it is not right after the last of `edges`, because items at the end were left out. */
  endCursor?: string | null
  count: () => Promise<number>
}

/** Checks `first`. Throws BAD_USER_INPUT outside 1 to 100. */
export function pageSize(first: number): number {
  if (first >= 1 && first <= MAX_PAGE_SIZE) return first
  throw new AppError('BAD_USER_INPUT', `first: must be between 1 and ${MAX_PAGE_SIZE}`, {
    argument: ['first'],
  })
}
