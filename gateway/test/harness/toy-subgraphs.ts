import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { GraphQLError, type GraphQLSchema, parse } from 'graphql'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@inaccessible"])`

const FILMS = /* GraphQL */ `
  ${LINK}
  type Query {
    film(id: ID!): Film
    films(first: Int = 3): [Film!]!
    search: [Hit!]!
    whoAmI: String
    fail(code: String): String
  }
  type Mutation {
    rename(id: ID!, title: String!): Film
  }
  type Film @key(fields: "id") {
    id: ID!
    title: String!
    tagline: String
    visible: Boolean @inaccessible
  }
  type Person @key(fields: "id") {
    id: ID!
    films: [Film!]
  }
  union Hit = Film | Person
`

const PEOPLE = /* GraphQL */ `
  ${LINK}
  type Query {
    person(id: ID!): Person
    favourite: Film
  }
  type Film @key(fields: "id") {
    id: ID!
    visible: Boolean @external
    credits(role: String): [Credit!] @requires(fields: "visible")
    likes: Int @requires(fields: "visible")
  }
  type Credit {
    role: String!
    person: Person!
  }
  type Person @key(fields: "id") {
    id: ID!
    name: String
  }
`

const film = (id: string) => ({ __typename: 'Film', id, title: `Film ${id}`, visible: true })
const person = (id: string) => ({ __typename: 'Person', id, name: `Person ${id}` })

const filmsResolvers = {
  Query: {
    film: (_: unknown, { id }: { id: string }) => film(id),
    films: (_: unknown, { first }: { first: number }) =>
      Array.from({ length: first }, (_, index) => film(String(index + 1))),
    search: () => [person('p1'), film('1'), film('2')],
    whoAmI: (_: unknown, __: unknown, { viewer }: { viewer?: string }) => viewer ?? null,
    fail(_: unknown, { code }: { code?: string }) {
      throw new GraphQLError('told to fail', { extensions: code ? { code } : {} })
    },
  },
  Mutation: {
    rename: (_: unknown, { id, title }: { id: string; title: string }) => ({ ...film(id), title }),
  },
  Film: { __resolveReference: ({ id }: { id: string }) => film(id), tagline: () => null },
  Person: { __resolveReference: ({ id }: { id: string }) => ({ id }), films: () => [film('1')] },
}

const peopleResolvers = {
  Query: {
    person: (_: unknown, { id }: { id: string }) => person(id),
    favourite: () => ({ __typename: 'Film', id: '7' }),
  },
  Film: {
    __resolveReference: (reference: object) => reference,
    credits: ({ id }: { id: string }) => {
      if (id === '13')
        throw new GraphQLError('No credits of film 13.', { extensions: { code: 'NOT_FOUND' } })
      return [{ role: 'ACTOR', person: person('p1') }]
    },
    likes: () => 3,
  },
  Person: { __resolveReference: ({ id }: { id: string }) => person(id) },
}

export type ToyName = 'films' | 'people'

const schemaOf = (sdl: string, resolvers: object): GraphQLSchema =>
  buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])

export const toySchemas: Readonly<Record<ToyName, GraphQLSchema>> = {
  films: schemaOf(FILMS, filmsResolvers),
  people: schemaOf(PEOPLE, peopleResolvers),
}

/** A supergraph of both with these URLs in it. */
export function composeToys(urls: Readonly<Record<ToyName, string>>): string {
  const { supergraphSdl, errors } = composeServices([
    { name: 'films', url: urls.films, typeDefs: parse(FILMS) },
    { name: 'people', url: urls.people, typeDefs: parse(PEOPLE) },
  ])
  if (!supergraphSdl) throw new Error(errors?.join('\n'))
  return supergraphSdl
}
