import { stableId } from '../../src/catalogue/stable-id.js'
import { CATALOGUE, SIZES, type Size } from './catalogue.js'
import { roleIdOf, userIdOf } from './fill.js'

type BySize = (size: Size) => string

/** The way to an object of each type that has lists, which are short or long: LIST stands for such a list. */
export const WAYS: Readonly<Record<string, BySize>> = {
  AuditEntry: (size) =>
    `{ film(slug: "${size}") { history(first: 2) { edges { node { LIST } } } } }`,
  Episode: (size) => `{ film(slug: "${size}") { seasons { episodes { LIST } } } }`,
  Film: (size) => `{ film(slug: "${size}") { LIST } }`,
  FilmFacetCounts: (size) =>
    `{ searchFilms(text: "${size === 'short' ? 'short' : 'comet'}") { facets { LIST } } }`,
  FilmLinks: (size) => `{ film(slug: "${size}") { links { LIST } } }`,
  FilmSearchConnection: () => '{ searchFilms(text: "comet") { LIST } }',
  FilmSearchEdge: (size) =>
    `{ searchFilms(text: "comet", first: ${SIZES[size]}) { edges { LIST } } }`,
  FilmographyEdge: (size) =>
    `{ person(slug: "long") { films(first: ${SIZES[size]}) { edges { LIST } } } }`,
  Genre: (size) => `{ genre(slug: "${size}") { LIST } }`,
  Highlight: (size) =>
    `{ searchFilms(text: "comet", first: ${SIZES[size]}) { edges { highlights { LIST } } } }`,
  Person: (size) => `{ person(slug: "${size}") { LIST } }`,
  Query: () => '{ LIST }',
  RecommendationEdge: (size) =>
    `{ film(slug: "long") { similar(first: ${SIZES[size]}) { edges { LIST } } } }`,
  RecommendationReason: (size) =>
    `{ film(slug: "long") { similar(first: ${SIZES[size]}) { edges { reasons { LIST } } } } }`,
  Role: (size) => `{ role(id: "${roleIdOf(size)}") { LIST } }`,
  Season: (size) => `{ film(slug: "${size}") { seasons { LIST } } }`,
  User: (size) => `{ user(id: "${userIdOf(size)}") { LIST } }`,
}

/** Arguments of lists; any other that takes `first` is given the size. */
export const ARGUMENTS: Readonly<Record<string, BySize>> = {
  'FilmSearchConnection.facets': (size) => (size === 'short' ? 'names: [GENRE]' : ''),
  'Query.peopleHistory': (size) =>
    `kind: PERSON, id: "${stableId('person', size)}", first: ${SIZES[size]}`,
  'Query.recommendedFilms': (size) =>
    `basedOn: ["${stableId('film', 'long')}"], first: ${SIZES[size]}`,
  'RecommendationEdge.reasons': () => 'first: 2',
  'Query.searchFilms': (size) => `text: "comet", first: ${SIZES[size]}`,
  // the film, the person and the genre of that name
  'Query.suggest': (size) => `prefix: "comet ${size === 'short' ? 'short' : ''}", limit: 20`,
}

/** As many edits as that, of versions that nobody has seen: nothing is written. */
const conflicts = (size: Size) =>
  CATALOGUE.films
    .slice(0, SIZES[size])
    .map(({ slug }) => `{ id: "${stableId('film', slug)}", version: 99, change: { ageRating: 6 } }`)

const WRONG = ['ageRating: 99', 'externalRating: 11', 'runtimeMinutes: 0', 'releaseYear: 1']
const wrongFields = (size: Size) => WRONG.slice(0, size === 'short' ? 2 : 4).join(', ')

/** Lists in what mutations answer. ITEM stands for what is asked of each item; the rest is done whatever is asked. */
export const CALLS: Readonly<Record<string, BySize>> = {
  'FilmEditProblem.problems': (size) =>
    `mutation { editFilms(edits: [{ id: "${stableId('film', 'short')}", version: 1, change: { ${wrongFields(size)} } }])
      { problem { list: problems { ITEM } } } }`,
  'Mutation.editFilms': (size) =>
    `mutation { list: editFilms(edits: [${conflicts(size).join(', ')}]) { ITEM } }`,
}
