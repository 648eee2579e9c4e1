import type { Asking } from './harness.js'
import type { Session } from './people.js'

// what backups have to bring back: films, searches, log-ins and sessions

export interface Film {
  readonly id: string
  readonly version: number
}

const CREATE = `mutation ($title: String!) {
  createFilm(input: { type: MOVIE, originalLanguage: "en", ageRating: 0, translations: { en: { title: $title } } }) { id version }
}`
const PUBLISH = `mutation ($id: ID!, $version: Int!) {
  publishFilm(id: $id, version: $version) { ... on Film { id version } }
}`
const SEARCH = `query ($text: String!) {
  searchFilms(text: $text, first: 5) { edges { node { title } } }
}`
const REGISTER = `mutation ($login: String!, $password: String!) {
  register(input: { login: $login, password: $password }) { ... on Session { accessToken refreshToken } }
}`
const LOG_IN = `mutation ($login: String!, $password: String!) {
  logIn(input: { login: $login, password: $password }) { accessToken refreshToken }
}`
const REFRESH = `mutation ($token: String!) {
  refreshSession(refreshToken: $token) { accessToken refreshToken }
}`

export const publishFilm = async (at: Asking, token: string, title: string): Promise<Film> => {
  const { createFilm } = await at.data({ query: CREATE, variables: { title }, token })
  const { id, version } = createFilm as Film
  const published = await at.data({ query: PUBLISH, variables: { id, version }, token })
  return published['publishFilm'] as Film
}

/** Titles of what a search finds. */
export const search = async (at: Asking, text: string): Promise<string[]> => {
  const { searchFilms } = await at.data({ query: SEARCH, variables: { text } })
  return (searchFilms as { edges: { node: { title: string } }[] }).edges.map(
    ({ node }) => node.title,
  )
}

export const register = async (at: Asking, login: string, password: string): Promise<Session> =>
  (await at.data({ query: REGISTER, variables: { login, password } }))['register'] as Session

export const logIn = async (at: Asking, login: string, password: string): Promise<Session> =>
  (await at.data({ query: LOG_IN, variables: { login, password } }))['logIn'] as Session

export const refresh = async (at: Asking, token: string): Promise<Session> =>
  (await at.data({ query: REFRESH, variables: { token } }))['refreshSession'] as Session
