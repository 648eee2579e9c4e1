import { recordStatements, type Statement } from '@cinegraph/embedded/statement-recorder'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Recorder } from '../recorded.js'

/** Records statements that read the catalogue, and sends them again over an idle pool. */
export const statementsOn = ({ pool }: Postgres): Recorder<Statement> => ({
  async record(work) {
    const { result, statements } = await recordStatements(work)
    return { result, sent: statements.filter(isOfCatalogue) }
  },
  async resend(statements) {
    let rows = ''
    for (const { text, values } of statements) {
      const query = { name: nameOf(text), text, values: [...values] }
      rows += JSON.stringify((await pool.query(query)).rows)
    }
    return rows
  },
})

// what workers ask meanwhile is not of the request
const isOfCatalogue = ({ text }: Statement) =>
  /^\s*(SELECT|WITH)\b/.test(text) && /"?\b(films|people|search_\w+)"?\./.test(text)

const names = new Map<string, string>()

function nameOf(text: string): string {
  const name = names.get(text) ?? `replayed_${names.size}`
  names.set(text, name)
  return name
}
