import { randomUUID } from 'node:crypto'
import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { CreditRepository } from '@cinegraph/people/credits/credit.repository'
import { execute, expectData } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPeople, type People } from './people.js'

const COUNT = 2_000
const PAGE = 100
const ROLES = Object.values(CreditRole)

const QUERY = `query ($films: [_Any!]!, $roles: [CreditRole!], $first: Int!, $after: String) {
  _entities(representations: $films) {
    ... on Film {
      credits(roles: $roles, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { id role character person { id name } } }
      }
    }
  }
}`

interface Credits {
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  edges: { node: { id: string; role: CreditRole } }[]
}

describe('a film with 2,000 credits', () => {
  let people: People
  let filmId: string
  let credits: { id: string; role: CreditRole }[]
  beforeAll(async () => {
    people = await openPeople()
    const { prisma } = people.postgres
    const persons = Array.from({ length: COUNT / 2 }, () => randomUUID())
    await prisma.person.createMany({ data: persons.map((id) => ({ id, slug: `extra-${id}` })) })
    filmId = await people.seed.film({})
    // of the crew few and all at the end, as they are in most films
    const rows = Array.from({ length: COUNT }, (_, at) => ({
      ...{ id: randomUUID(), filmId, personId: persons[at % persons.length]! },
      ...{ billingOrder: at * 3, role: at < COUNT - 200 ? 'ACTOR' : ROLES[at % 5]! },
    }))
    credits = rows.map(({ id, role }) => ({ id, role }))
    await prisma.credit.createMany({ data: rows })
    await prisma.$executeRaw`ANALYZE people.credit`
  })

  async function page(roles: readonly CreditRole[] | null, after: string | null) {
    const films = [{ __typename: 'Film', id: filmId, visible: true }]
    const variables = { films, roles, first: PAGE, after }
    const answer = await execute<{ _entities: [{ credits: Credits }] }>(people.subgraph, {
      query: QUERY,
      variables,
    })
    return expectData(answer)._entities[0].credits
  }

  it.each<[string, CreditRole[] | null]>([
    ['in every role', null],
    ['of the cast', ['ACTOR']],
    ['of some of the crew', ['COMPOSER', 'DIRECTOR']],
  ])(
    'is paged %s without a repeat or a gap, each page in the same statements',
    async (_, roles) => {
      const expected = credits.filter(({ role }) => roles?.includes(role) ?? true)
      const seen: string[] = []
      const statements = new Set<number>()
      for (let after: string | null = null, more = true; more;) {
        const counted = people.countStatements()
        const { totalCount, pageInfo, edges }: Credits = await page(roles, after)
        statements.add(counted())
        expect(totalCount).toBe(expected.length)
        seen.push(...edges.map(({ node }) => node.id))
        more = pageInfo.hasNextPage
        after = pageInfo.endCursor
      }
      expect(seen).toEqual(expected.map(({ id }) => id))
      expect(statements.size).toBe(1)
    },
  )

  /** How many credits Postgres read for one page. */
  const creditsRead = (roles: readonly CreditRole[], after: number) =>
    people.postgres.prisma.$transaction(async (tx) => {
      const readSoFar = async () => {
        const [read] = await tx.$queryRaw<[{ rows: number }]>`
          SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables
          WHERE relid = 'people.credit'::regclass`
        return read.rows
      }
      const before = await readSoFar()
      const slice = { filmId, roles, after, limit: PAGE + 1 }
      const [found] = await new CreditRepository(tx).findSlices([slice])
      expect(found!.length).toBeGreaterThan(0)
      return (await readSoFar()) - before
    })

  it.each<[string, readonly CreditRole[], number]>([
    ['first', ROLES, -1],
    ['first of directors', ['DIRECTOR'], -1],
    ['first of the crew', ['DIRECTOR', 'COMPOSER', 'WRITER'], -1],
    ['middle', ROLES, (COUNT / 2) * 3],
    ['last', ROLES, (COUNT - 10) * 3],
  ])('is read no further than the %s page needs', async (_, roles, after) => {
    expect(await creditsRead(roles, after)).toBeLessThanOrEqual(roles.length * (PAGE + 1))
  })
})
