import { beforeAll, describe, expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
beforeAll(async () => {
  cinegraph = await startCinegraph()
})

const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Session { accessToken refreshToken user { login } }
    ... on LoginTaken { login }
    ... on WeakPassword { reason }
  }
}`
const ME = '{ me { login email roles } }'

interface Registered {
  register: { __typename: string; accessToken: string; refreshToken: string }
}

describe('a person who comes for the first time', () => {
  const input = { login: 'newcomer', password: 'correct horse battery', email: 'n@example.org' }

  test('is anonymous', async () => {
    expect(await cinegraph.data({ query: ME })).toEqual({ me: null })
  })

  test('registers, sees who they are, and goes on with a refreshed session', async () => {
    const { register } = (await cinegraph.data({
      query: REGISTER,
      variables: { input },
    })) as never as Registered
    expect(register.__typename).toBe('Session')
    const me = { login: 'newcomer', email: 'n@example.org', roles: ['user'] }
    expect(await cinegraph.data({ query: ME, token: register.accessToken })).toEqual({ me })

    const { refreshSession } = (await cinegraph.data({
      query: 'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken } }',
      variables: { token: register.refreshToken },
    })) as { refreshSession: { accessToken: string } }
    expect(refreshSession.accessToken).not.toBe(register.accessToken)
    expect(await cinegraph.data({ query: ME, token: refreshSession.accessToken })).toEqual({ me })
  })

  test('cannot take a login that is taken, nor a password that everyone knows', async () => {
    const outcome = async (changes: object) => {
      const variables = { input: { ...input, ...changes } }
      const { register } = (await cinegraph.data({
        query: REGISTER,
        variables,
      })) as never as Registered
      return register.__typename
    }
    expect(await outcome({ login: 'Viewer' })).toBe('LoginTaken')
    expect(await outcome({ login: 'another', password: 'password1' })).toBe('WeakPassword')
  })

  test('is told which field is wrong, and by which limit', async () => {
    const variables = { input: { ...input, login: 'ab' } }
    const { errors } = await cinegraph.ask({ query: REGISTER, variables })
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('3') as string,
        path: ['register'],
        extensions: {
          code: 'BAD_USER_INPUT',
          argument: ['input', 'login'],
          requestId: expect.any(String) as string,
        },
      },
    ])
  })

  test('with a wrong password is told no more than with an unknown login', async () => {
    const query = 'mutation ($input: LogInInput!) { logIn(input: $input) { accessToken } }'
    const refusal = async (login: string) => {
      const variables = { input: { login, password: 'not the password' } }
      const { errors } = await cinegraph.ask({ query, variables })
      return errors!.map(({ message, extensions }) => [message, extensions['code']])
    }
    expect(await refusal('viewer')).toEqual(await refusal('nobody-of-that-name'))
    expect((await refusal('viewer'))[0]![1]).toBe('UNAUTHENTICATED')
  })

  test('with a token that is not ours is refused, not made anonymous', async () => {
    const { errors } = await cinegraph.ask({ query: ME, token: 'eyJhbGciOiJub25lIn0.e30.' })
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
  })
})

describe('a visitor', () => {
  test('walks the whole catalogue page by page and meets every film once', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const { films } = (await cinegraph.data({
        query: `query ($after: String) {
          films(first: 7, after: $after, sort: { field: EXTERNAL_RATING, direction: DESC }) {
            edges { node { id } } pageInfo { hasNextPage endCursor }
          }
        }`,
        variables: { after },
      })) as {
        films: {
          edges: { node: { id: string } }[]
          pageInfo: { hasNextPage: boolean; endCursor: string }
        }
      }
      seen.push(...films.edges.map((edge) => edge.node.id))
      after = films.pageInfo.hasNextPage ? films.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toHaveLength(100)
    expect(new Set(seen).size).toBe(100)
  })

  test.each([
    ['EN', 'sergei eisenstien', 'Battleship Potemkin'],
    ['RU', 'броненосец потемкин', 'Броненосец «Потёмкин»'],
    ['RU', ',hjytyjctw', 'Броненосец «Потёмкин»'],
    ['EN', 'napoleon', 'Napoléon'],
    ['RU', 'человек с киноаппаратом', 'Человек с киноаппаратом'],
  ])('searching in %s for "%s" finds %s', async (language, text, title) => {
    const { searchFilms } = (await cinegraph.data({
      query: `query ($text: String!, $language: Language!) {
        searchFilms(text: $text, language: $language) { edges { node { title(language: $language) } } }
      }`,
      variables: { text, language },
    })) as { searchFilms: { edges: { node: { title: string } }[] } }
    expect(searchFilms.edges.map((edge) => edge.node.title)).toContain(title)
  })

  test('goes from a film to its director and on to the films of that director', async () => {
    const { film } = (await cinegraph.data({
      query: `{ film(slug: "metropolis-1927") { directors { name films(role: DIRECTOR, sort: { field: TITLE }) {
        edges { node { title directors { name } } } } } } }`,
    })) as { film: { directors: { films: { edges: { node: { title: string } }[] } }[] } }
    expect(film.directors[0]!.films.edges.map((edge) => edge.node.title)).toEqual([
      'Metropolis',
      'Scarlet Street',
      'Woman in the Moon',
    ])
  })
})

test('nothing of all this was logged as an error', () => {
  expect(
    cinegraph.log().filter((line) => line.level === 'error' || line.level === 'fatal'),
  ).toEqual([])
})
