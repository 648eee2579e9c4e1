const SEEN = `($id: ID!, $version: Int!)`
const OUTCOME = `{ __typename }`
const film = (mutation: string) =>
  `mutation ${SEEN} { outcome: ${mutation}(id: $id, version: $version) ${OUTCOME} }`

/** What an editor asks films for. Each has an `outcome`; those that may change nothing tell the version after it. */
const FILMS = {
  createFilm: `mutation ($input: CreateFilmInput!) { outcome: createFilm(input: $input) { __typename id } }`,
  updateFilm: `mutation ($id: ID!, $version: Int!, $input: UpdateFilmInput!) {
    outcome: updateFilm(id: $id, version: $version, input: $input) { __typename ... on Film { version } }
  }`,
  publishFilm: film('publishFilm'),
  unpublishFilm: film('unpublishFilm'),
  archiveFilm: film('archiveFilm'),
  deleteFilm: film('deleteFilm'),
  restoreFilm: film('restoreFilm'),
  saveSeason: `mutation ($id: ID!, $version: Int!, $season: SeasonInput!) {
    outcome: saveSeason(filmId: $id, version: $version, season: $season) { __typename ... on Film { version } }
  }`,
  deleteSeason: `mutation ($id: ID!, $version: Int!, $number: Int!) {
    outcome: deleteSeason(filmId: $id, version: $version, number: $number) { __typename ... on Film { version } }
  }`,
}

const creating = (kind: 'Person' | 'Genre') => `mutation ($input: Create${kind}Input!) {
  outcome: create${kind}(input: $input) { __typename id }
}`
const updating = (kind: 'Person' | 'Genre') =>
  `mutation ($id: ID!, $version: Int!, $input: Update${kind}Input!) {
    outcome: update${kind}(id: $id, version: $version, input: $input) {
      __typename ... on ${kind} { version }
    }
  }`
const deleting = (kind: 'Person' | 'Genre') => `mutation ${SEEN} {
  outcome: delete${kind}(id: $id, version: $version, force: true) ${OUTCOME}
}`

const PEOPLE = {
  createPerson: creating('Person'),
  updatePerson: updating('Person'),
  deletePerson: deleting('Person'),
  mergePersons: `mutation ($input: MergePersonsInput!) { outcome: mergePersons(input: $input) ${OUTCOME} }`,
  createGenre: creating('Genre'),
  updateGenre: updating('Genre'),
  deleteGenre: deleting('Genre'),
  setFilmLinks: `mutation ($id: ID!, $version: Int!, $input: FilmLinksInput!) {
    outcome: setFilmLinks(filmId: $id, version: $version, input: $input) ${OUTCOME}
  }`,
}

export const MUTATIONS = { films: FILMS, people: PEOPLE }

/** Input of a film that has this title. */
export const titled = (title: string) => ({ translations: { en: { title } } })

/** Input of a person or a genre that has this name. */
export const named = (name: string) => ({ translations: { en: { name } } })
