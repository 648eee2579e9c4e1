import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()
const token = await cinegraph.tokenOf('editor')

const FILM = `{ film(slug: "metropolis-1927") {
  id
  links { version genreIds credits { id personId role character } }
} }`
const SET = `mutation ($filmId: ID!, $version: Int!, $input: FilmLinksInput!) {
  setFilmLinks(filmId: $filmId, version: $version, input: $input) {
    ... on FilmLinks { version film { ...links } }
    ... on FilmLinksConflict { message current { version film { ...links } } }
  }
}
fragment links on Film {
  title links { version }
  genres { id }
  credits(first: 100) { edges { node { id person { name version } } } }
  linksHistory { edges { node { action by { id } } } }
}`

interface Film {
  id: string
  links: { version: number; genreIds: string[]; credits: Credit[] }
}
interface Credit {
  id: string
  role: string
  character: string | null
  personId: string
}

test('an editor adds a new person to the cast of a film and sees it in the answer; a late edit sees it too', async () => {
  const { film } = (await cinegraph.data({ query: FILM, token })) as { film: Film }
  const { createPerson } = (await cinegraph.data({
    ...{
      query: `mutation { createPerson(input: { translations: { ru: { name: "Новый Актёр" } } }) { id slug } }`,
      token,
    },
  })) as { createPerson: { id: string; slug: string } }
  expect(createPerson.slug).toBe('noviy-aktyor')
  const { version, genreIds, credits: old } = film.links
  const credits = [
    ...old.map(({ personId, role, character }) => ({ personId, role, character })),
    { personId: createPerson.id, role: 'ACTOR', character: 'Somebody' },
  ]
  const variables = { filmId: film.id, version, input: { credits } }
  const linked = {
    ...{ title: 'Metropolis', links: { version: version + 1 } },
    genres: genreIds.map((id) => ({ id })),
    credits: {
      edges: [
        ...old.map(({ id }) => ({ node: expect.objectContaining({ id }) as unknown })),
        {
          node: expect.objectContaining({ person: { name: 'Новый Актёр', version: 1 } }) as unknown,
        },
      ],
    },
    linksHistory: {
      edges: [{ node: { action: 'EDITED', by: { id: expect.any(String) as string } } }],
    },
  }
  const edited = await cinegraph.data({ query: SET, variables, token })
  expect(edited).toEqual({ setFilmLinks: { version: version + 1, film: linked } })
  const late = await cinegraph.data({ query: SET, variables, token })
  expect(late).toEqual({
    setFilmLinks: {
      message: expect.any(String) as string,
      current: { version: version + 1, film: linked },
    },
  })
})

test('the id of a merged person leads to who stays, in whatever names it', async () => {
  const create = `mutation ($en: String!) { createPerson(input: { translations: { en: { name: $en } } }) { id version } }`
  const made = async (en: string) =>
    (await cinegraph.data({ query: create, variables: { en }, token }))['createPerson'] as {
      id: string
      version: number
    }
  const [kept, merged] = [await made('Kept'), await made('Merged')]
  const input = { ...kept, mergedId: merged.id, mergedVersion: merged.version }
  await cinegraph.data({
    query: `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { __typename } }`,
    ...{ variables: { input }, token },
  })
  const query = `query ($id: ID!) { person(id: $id) { id name films { edges { cursor } } } }`
  expect(await cinegraph.data({ query, variables: { id: merged.id } })).toEqual({
    person: { id: kept.id, name: 'Kept', films: { edges: [] } },
  })
})
