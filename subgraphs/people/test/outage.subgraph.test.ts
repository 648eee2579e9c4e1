import { openCache } from '@cinegraph/engines/cache/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { createPeopleSubgraph } from '@cinegraph/people/subgraph'
import { execute, expectError } from '@cinegraph/testkit/execute'
import { testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { afterAll, beforeAll, expect, it } from 'vitest'

// nobody listens on port 1
const url = 'postgresql://nobody:nothing@127.0.0.1:1/nowhere'
const FILM = {
  __typename: 'Film',
  id: '0b6f1c1e-6f0e-5a53-9f3c-3a3a0d6f2b11',
  visible: true,
}

let subgraph: Subgraph
beforeAll(async () => {
  const { log } = memoryLog()
  const postgres = openPostgres({ url, log })
  subgraph = await createPeopleSubgraph({
    postgres,
    search: openSearchIndex({ url, postgres, log }),
    cache: openCache({ url: 'memory:', log }),
    log,
    verifyViewer: await testIdentity.verifierFor('people'),
  })
  await subgraph.start()
})
afterAll(() => subgraph.stop(AbortSignal.timeout(5_000)))

it.each([
  ['a person', '{ person(slug: "buster-keaton") { name } }'],
  ['a list of persons', '{ persons { edges { node { name } } } }'],
  ['the genres', '{ genres { totalCount } }'],
])('says that %s cannot be had without the database', async (_, query) => {
  const answer = await execute(subgraph, { query })
  expect(Object.values(answer.data!)).toEqual([null])
  expect(expectError(answer).extensions).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    retryable: true,
  })
})

it('leaves a film without what it cannot tell of it', async () => {
  const { data, errors } = await execute(subgraph, {
    query: /* GraphQL */ `
      query ($films: [_Any!]!) {
        _entities(representations: $films) {
          ... on Film {
            id
            genres {
              slug
            }
            directors {
              slug
            }
            credits {
              totalCount
            }
          }
        }
      }
    `,
    variables: { films: [FILM] },
  })
  expect(data).toEqual({
    _entities: [{ id: FILM.id, genres: null, directors: null, credits: null }],
  })
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
    'SERVICE_UNAVAILABLE',
    'SERVICE_UNAVAILABLE',
    'SERVICE_UNAVAILABLE',
  ])
})
