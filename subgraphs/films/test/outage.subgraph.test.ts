import { randomUUID } from 'node:crypto'
import { openCache } from '@cinegraph/engines/cache/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { createFilmsSubgraph } from '@cinegraph/films/subgraph'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { Registry } from '@cinegraph/kit/metrics'
import { execute, expectError } from '@cinegraph/testkit/execute'
import { testIdentity } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterAll, beforeAll, expect, it } from 'vitest'

// nobody listens on port 1
const url = 'postgresql://nobody:nothing@127.0.0.1:1/nowhere'

let subgraph: Subgraph
beforeAll(async () => {
  const { log } = memoryLog()
  const postgres = openPostgres({ url, log })
  subgraph = await createFilmsSubgraph({
    postgres,
    search: openSearchIndex({ url, postgres, log }),
    cache: openCache({ url: 'memory:', log }),
    log,
    metrics: new Registry(),
    verifyViewer: await testIdentity.verifierFor('films'),
  })
  await subgraph.start()
})
afterAll(() => subgraph.stop(AbortSignal.timeout(5_000)))

const unavailable = { code: 'SERVICE_UNAVAILABLE', retryable: true }

it.each([
  ['a film by id', `{ film(id: "${randomUUID()}") { title } }`],
  ['a film by slug', '{ film(slug: "metropolis") { title } }'],
  ['a list of films', '{ films { edges { node { title } } } }'],
  ['a search', '{ searchFilms(text: "metropolis") { edges { node { title } } } }'],
  ['suggestions', '{ suggest(prefix: "me") { text } }'],
])('says that %s cannot be had without the engines', async (_, query) => {
  const answer = await execute(subgraph, { query })
  expect(Object.values(answer.data!)).toEqual([null])
  expect(expectError(answer).extensions).toMatchObject(unavailable)
})

it('leaves a genre and a person without what it cannot tell of them', async () => {
  const id = randomUUID()
  const { data, errors } = await execute(subgraph, {
    query: /* GraphQL */ `
      query ($of: [_Any!]!) {
        _entities(representations: $of) {
          ... on Genre {
            id
            filmCount
          }
          ... on Person {
            id
            films {
              totalCount
            }
          }
        }
      }
    `,
    variables: {
      of: [
        { __typename: 'Genre', id },
        { __typename: 'Person', id },
      ],
    },
  })
  expect(data).toEqual({
    _entities: [
      { id, filmCount: null },
      { id, films: null },
    ],
  })
  expect(errors?.map(({ extensions }) => extensions)).toMatchObject([unavailable, unavailable])
})
