import pg from 'pg'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * Runs `work` and returns the statements that this process sends meanwhile, whoever does: for benchmarks, which measure them without what is
 * around them, and for tests of how they are planned.
 */
export async function recordStatements<T>(
  work: () => Promise<T>,
): Promise<{ result: T; statements: readonly Statement[] }> {
  const statements: Statement[] = []
  const client = pg.Client.prototype as { query: (...args: unknown[]) => unknown }
  const { query } = client
  client.query = function (...args) {
    statements.push(statementOf(args))
    return query.apply(this, args)
  }
  try {
    return { result: await work(), statements }
  } finally {
    client.query = query
  }
}

// as pg takes it: a text and maybe values, or both in one
function statementOf([given, values]: readonly unknown[]): Statement {
  if (typeof given === 'string') return { text: given, values: Array.isArray(values) ? values : [] }
  const { text, values: own = [] } = given as { text: string; values?: readonly unknown[] }
  return { text, values: own }
}
