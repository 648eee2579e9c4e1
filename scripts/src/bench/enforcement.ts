import type { Client, Request } from './client.js'
import { compare, type Comparison } from './compare.js'
import type { Stage } from './stage.js'

/** By what is asked: the gateway beside one that enforces nothing. */
export type EnforcementReport = Readonly<Record<string, Comparison>>

const UNAUTHORIZED = 'UNAUTHORIZED_FIELD_OR_TYPE'
const SMALL = `film(slug: "metropolis-1927") { title }`
const FILM_PAGE = `film(slug: "metropolis-1927") {
  title releaseDate runtimeMinutes directors { name } genres { name filmCount }
  credits(first: 10) { edges { node { role character person { name } } } }
}`
const GUARDED = `
  users(first: 10) { edges { node { id login } } }
  roles(first: 10) { edges { node { name permissions } } }`

interface Case {
  readonly title: string
  readonly asked: Request
  /** What the gateway that enforces nothing is asked instead, to the same effect. */
  readonly baseline?: Request
  /** Root fields that only the enforcing gateway is asked for, and refuses. */
  readonly refused?: readonly string[]
}

/** What enforcing authorization costs a request, beside the same work without it. Data must be equal. */
export async function measureEnforcement(
  { gateway, unguarded, people }: Stage,
  { rounds }: { rounds: number },
): Promise<EnforcementReport> {
  const token = people.adminToken
  const cases: readonly Case[] = [
    { title: 'a title: nothing guarded', asked: { query: `{ ${SMALL} }` } },
    { title: 'a film page: nothing guarded', asked: { query: `{ ${FILM_PAGE} }` } },
    {
      title: 'guarded fields that the viewer may have',
      asked: { query: `{ ${SMALL} ${GUARDED} }`, token },
    },
    {
      title: 'guarded fields that are taken out',
      asked: { query: `{ ${SMALL} ${GUARDED} }` },
      baseline: { query: `{ ${SMALL} }` },
      refused: ['users', 'roles'],
    },
  ]
  const report: Record<string, Comparison> = {}
  for (const { title, asked, baseline = asked, refused = [] } of cases) {
    report[title] = await compare({
      baseline: answered('without enforcement', unguarded, { asked: baseline, refused: [] }),
      candidate: answered('with enforcement', gateway, { asked, refused }),
      rounds,
    })
  }
  return report
}

const answered = (
  name: string,
  client: Client,
  { asked, refused }: { asked: Request; refused: readonly string[] },
) => ({
  name,
  /** The data but for what is refused, which must be null and explained. */
  async run() {
    const { data, errors } = await client.send(asked)
    const codes = errors.map((it) => it.extensions.code)
    const left = Object.entries(data ?? {}).filter(
      ([field, value]) => value !== null || !refused.includes(field),
    )
    if (data === null || codes.join() !== refused.map(() => UNAUTHORIZED).join()) {
      throw new Error(`${asked.query} was answered with ${JSON.stringify(errors)}`)
    }
    return Object.fromEntries(left)
  },
})
