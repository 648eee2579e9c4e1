import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { defaultFieldResolver, type GraphQLSchema, parse } from 'graphql'

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes"])`

/** Guarded fields, types, scalars and enums in every place where an operation can meet them. */
const SHELVES = /* GraphQL */ `
  ${LINK}
  type Query {
    item(id: ID!): Item
    items: [Item!]!
    shelves: [[Item]!]
    entries: [Entry]
    latest: Entry
    signed: [Signed!]
    hits: [Hit]
    me: Account @authenticated
    note: String @requiresScopes(scopes: [["notes:read"]])
    tally: Int! @requiresScopes(scopes: [["notes:read"]])
    vault: Vault
    mood: Mood
    stamps: [Stamp!]
    secrets: [Secret!]
  }
  type Mutation {
    touch(id: ID!): Item
    burn(id: ID!): Item @requiresScopes(scopes: [["items:write"]])
    greet: String @authenticated
  }
  type Item @key(fields: "id") {
    id: ID!
    name: String!
    "The one or both of the others."
    price: Int @requiresScopes(scopes: [["prices:read"], ["items:read", "items:write"]])
    cost: Int! @authenticated
    owner: Account
    related: [Item!]
    mood: Mood
    stamp: Stamp
    vault: Vault
  }
  type Account @key(fields: "id") {
    id: ID!
    name: String
    email: String! @requiresScopes(scopes: [["users:read"]])
    items: [Item!]!
  }
  interface Entry {
    id: ID!
    title: String
    author: Account
  }
  "Guarded in no way."
  type Article implements Entry & Signed {
    id: ID!
    title: String
    author: Account
    body: String @authenticated
    signature: String!
  }
  "Guarded as a whole, so that titles of entries are not for everyone."
  type Memo implements Entry @requiresScopes(scopes: [["memos:read"]]) {
    id: ID!
    title: String
    author: Account
    text: String!
    vault: Vault
  }
  "Guarded in one field of the interface."
  type Advert implements Entry & Signed {
    id: ID!
    title: String
    author: Account @authenticated
    signature: String!
  }
  interface Signed {
    signature: String!
  }
  union Hit = Item | Article | Memo
  union Secret = Memo | Vault
  type Vault @authenticated @requiresScopes(scopes: [["vault:open"]]) {
    code: String
    items: [Item!]
  }
  enum Mood @authenticated {
    GOOD
    BAD
  }
  scalar Stamp @requiresScopes(scopes: [["stamps:read"]])
`

const REVIEWS = /* GraphQL */ `
  ${LINK}
  type Query {
    topReview: Review
  }
  type Item @key(fields: "id") {
    id: ID!
    rating: Float
    reviews: [Review!]!
    buyers: [Account] @requiresScopes(scopes: [["users:read"]])
  }
  type Account @key(fields: "id") {
    id: ID!
    karma: Int @authenticated
    reviews: [Review]
  }
  type Review {
    text: String
    stars: Int!
    flags: [String!]! @requiresScopes(scopes: [["flags:read"]])
    author: Account
    item: Item!
  }
`

export const GUARDED_SDL = { shelves: SHELVES, reviews: REVIEWS } as const
export type GuardedName = keyof typeof GUARDED_SDL

/** Every permission that the schemas name. */
export const ALL_PERMISSIONS = [
  ...['flags:read', 'items:read', 'items:write', 'memos:read', 'notes:read', 'prices:read'],
  ...['stamps:read', 'users:read', 'vault:open'],
]

const IDS = ['1', '2', '3']
const review = (index: number) => ({
  text: index === 1 ? null : `Review ${index}`,
  stars: index,
  flags: ['spam'],
  author: () => account('1'),
  item: () => item('2'),
})

/** Both subgraphs and a reference evaluation read the same objects: values, or functions of the arguments. */
const item = (id: string) => ({
  __typename: 'Item',
  id,
  name: `Item ${id}`,
  price: 10,
  cost: 5,
  owner: id === '3' ? null : () => account('1'),
  related: () => (id === '1' ? [item('2'), item('3')] : []),
  mood: 'GOOD',
  stamp: `stamp ${id}`,
  vault: () => (id === '2' ? vault() : null),
  rating: 4.5,
  reviews: () => [review(1), review(2)],
  buyers: () => [account('2'), null],
})
const account = (id: string) => ({
  __typename: 'Account',
  id,
  name: id === '2' ? null : `Account ${id}`,
  email: `${id}@example.org`,
  items: () => (id === '1' ? [item('1')] : []),
  karma: 7,
  reviews: () => [review(2), null],
})
const vault = () => ({ __typename: 'Vault', code: '0000', items: () => [item('3')] })
const article = () => ({
  ...{ __typename: 'Article', id: 'a', title: 'Article', author: () => account('1') },
  ...{ body: 'Body', signature: 'signed' },
})
const memo = () => ({
  ...{ __typename: 'Memo', id: 'm', title: 'Memo', author: () => account('2') },
  ...{ text: 'Text', vault },
})
const advert = () => ({
  ...{ __typename: 'Advert', id: 'd', title: null, author: () => account('2'), signature: 'paid' },
})

type Root = Readonly<Record<string, unknown>>

export const queries: Root = {
  item: ({ id }: { id: string }) => (IDS.includes(id) ? item(id) : null),
  items: () => IDS.map(item),
  shelves: () => [[item('1'), null], [item('2')], []],
  entries: () => [article(), memo(), null, advert()],
  latest: article,
  signed: () => [advert(), article()],
  hits: () => [item('1'), memo(), article(), null],
  me: () => account('2'),
  note: 'A note',
  tally: 3,
  vault,
  mood: 'BAD',
  stamps: ['one', 'two'],
  secrets: () => [vault(), memo()],
  topReview: () => review(2),
}

/** What is done is written down, the last done last. */
export function createMutations(done: string[]): Root {
  const note = (what: string) => void done.push(what)
  return {
    touch: ({ id }: { id: string }) => (note(`touch ${id}`), item(id)),
    burn: ({ id }: { id: string }) => (note(`burn ${id}`), item(id)),
    greet: () => (note('greet'), 'Hello'),
  }
}

/** The schemas of the subgraphs. Mutations are noted in `done`. */
export function guardedSchemas(done: string[]): Record<GuardedName, GraphQLSchema> {
  const resolvers = {
    Query: resolversOf(queries),
    Item: { __resolveReference: ({ id }: { id: string }) => item(id) },
    Account: { __resolveReference: ({ id }: { id: string }) => account(id) },
  }
  const schemaOf = (name: GuardedName, more: object = {}) =>
    buildSubgraphSchema([
      { typeDefs: parse(GUARDED_SDL[name]), resolvers: { ...resolvers, ...more } as never },
    ])
  return {
    shelves: schemaOf('shelves', { Mutation: resolversOf(createMutations(done)) }),
    reviews: schemaOf('reviews'),
  }
}

const resolversOf = (root: Root) =>
  Object.fromEntries(
    Object.keys(root).map((name) => [
      name,
      (...[, args, context, info]: Parameters<typeof defaultFieldResolver>): unknown =>
        defaultFieldResolver(root, args, context, info),
    ]),
  )

/** A supergraph of both with these URLs in it. */
export function composeGuarded(urls: Readonly<Record<GuardedName, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(GUARDED_SDL).map(([name, sdl]) => ({
      name,
      url: urls[name as GuardedName],
      typeDefs: parse(sdl),
    })),
  )
  if (!supergraphSdl) throw new Error(errors?.join('\n'))
  return supergraphSdl
}
