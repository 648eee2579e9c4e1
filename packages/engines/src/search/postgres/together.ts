import type { Run } from './connection.js'

const MOST_STATEMENTS = 100

interface Asked {
  readonly sql: string
  readonly values: readonly unknown[]
  readonly answer: (rows: Promise<object[]>) => void
}

/** Sends statements that are asked for at the same time as one, each with its own rows. What becomes of one becomes of all. */
export function together(run: Run): Run {
  let waiting: Asked[] = []
  const sendAll = () => {
    const all = waiting
    waiting = []
    for (let from = 0; from < all.length; from += MOST_STATEMENTS) {
      send(run, all.slice(from, from + MOST_STATEMENTS))
    }
  }
  return <R extends object>(sql: string, values: readonly unknown[]) =>
    new Promise<R[]>((resolve) => {
      const answer = (rows: Promise<object[]>) => resolve(rows as Promise<R[]>)
      // all that follows from one answer is asked for before the next turn of the event loop
      if (waiting.push({ sql, values, answer }) === 1) setImmediate(sendAll)
    })
}

function send(run: Run, all: readonly Asked[]): void {
  const values: unknown[] = []
  const parts = all.map((asked, index) => {
    const before = values.length
    values.push(...asked.values)
    const sql = asked.sql.replaceAll(/\$(\d+)/g, (_, place) => `$${before + Number(place)}`)
    return `SELECT ${index} AS asked, row_number() OVER () AS place, to_jsonb(given) AS row FROM (${sql}) AS given`
  })
  const found = run<{ asked: number; row: object }>(
    `SELECT asked, row FROM (${parts.join(' UNION ALL ')}) AS answers ORDER BY asked, place`,
    values,
  )
  const byAsked = found.then((rows) => Map.groupBy(rows, ({ asked }) => asked))
  for (const [index, { answer }] of all.entries()) {
    answer(byAsked.then((answers) => (answers.get(index) ?? []).map(({ row }) => row)))
  }
}
