/**
 * What the comment of a schema says of the index in it. One index at most is `complete`; `superseded` is one that was,
 * until another release completed its own: writers have left it since. Times are the database's, as ISO 8601 in UTC.
 */
export interface Mark {
  readonly state: 'filling' | 'complete' | 'superseded'
  readonly since: string
  readonly made: string
}

const COMMENT = /^cinegraph search index: (filling|complete|superseded) since (\S+), made (\S+)$/

export const writeMark = ({ state, since, made }: Mark): string =>
  `cinegraph search index: ${state} since ${since}, made ${made}`

/** Undefined when the schema is not an index of ours. */
export function readMark(comment: string): Mark | undefined {
  const [, state, since, made] = COMMENT.exec(comment) ?? []
  return since && made ? { state: state as Mark['state'], since, made } : undefined
}
