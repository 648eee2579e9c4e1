import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  buildSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { stableId } from '../src/catalogue/stable-id.js'
import { ROOT } from '../src/paths.js'
import { copyFilm } from './film-copies.js'
import { startCinegraph } from './harness.js'

const SECRET = 'Zyxwvut Unreleased'
const PERSON = 'fritz-lang'
const GENRE = 'drama'
const HIDDEN = { slug: 'hidden-film', id: stableId('film', 'hidden-film') }
const OTHER = 'metropolis-1927'

/** Arguments with which each field leads, or would lead, to the hidden film; it is asked once with each. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'Query.film': [`(id: "${HIDDEN.id}")`],
  'Query.films': ['(first: 100, sort: { field: TITLE, direction: DESC })'],
  'Query.searchFilms': [`(text: "${SECRET}")`],
  'Query.suggest': ['(prefix: "Zyxwv")', '(prefix: "Fritz La")', '(prefix: "Drama")'],
  'Query.person': [`(slug: "${PERSON}")`],
  'Query.persons': ['(text: "Fritz Lang")'],
  'Query.genre': [`(slug: "${GENRE}")`],
  'Query.genres': ['(first: 100)'],
  'Person.films': ['(first: 100)'],
  'Genre.films': ['(first: 100)'],
}
/** What only mutations return, of a film that whoever edits it has named. */
const OF_EDITS = ['FilmLinks.film']
const LEAVES = 'id title slug originalTitle description visibleTitle: title(language: RU)'

const schema = buildSchema(await readFile(path.join(ROOT, 'gateway/api-schema.graphql'), 'utf8'))
const operations = pathsToFilms(schema)

describe('a film that nobody but editors may see', () => {
  let cinegraph: Awaited<ReturnType<typeof startCinegraph>>
  let editor: string
  let viewer: string

  beforeAll(async () => {
    cinegraph = await startCinegraph()
    const hidden = { slug: HIDDEN.slug, title: SECRET, state: { status: 'DRAFT' } } as const
    await copyFilm(cinegraph.databaseUrl, OTHER, [hidden])
    editor = await cinegraph.tokenOf('editor')
    viewer = await cinegraph.tokenOf('viewer')
  })

  test('can be reached by every field that returns films', () => {
    const fields = new Set(operations.flatMap((it) => it.fields))
    const returning = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => filmsIn(getNamedType(field.type)))
      .map(({ type, field }) => `${type.name}.${field.name}`)
    expect(returning.filter((name) => !fields.has(name))).toEqual(OF_EDITS)
  })

  test.each(operations)('$name shows it to editors alone', async ({ query }) => {
    expect(JSON.stringify(await cinegraph.ask({ query, token: editor }))).toContain(SECRET)
    for (const token of [undefined, viewer]) {
      const answer = JSON.stringify(await cinegraph.ask({ query, ...(token && { token }) }))
      expect(answer).not.toContain(SECRET)
      expect(answer).not.toContain(HIDDEN.id)
      expect(answer).not.toContain(HIDDEN.slug)
    }
  })

  test('is in no count and no facet of anyone else', async () => {
    const query = `{
      films { totalCount }
      searchFilms(text: "", filter: { yearFrom: 1927, yearTo: 1927 }) {
        totalCount facets(names: [TYPE]) { buckets { count } }
      }
      genre(slug: "${GENRE}") { filmCount films { totalCount } }
      person(slug: "${PERSON}") { films { totalCount } }
    }`
    const numbers = async (token?: string) => {
      const answer = JSON.stringify(await cinegraph.data({ query, ...(token && { token }) }))
      return [...answer.matchAll(/ount":(\d+)/g)].map((it) => Number(it[1]))
    }
    const all = await numbers(editor)
    expect(all.length).toBeGreaterThan(5)
    // every one of them counts the hidden film, but only for those who may see it
    expect(await numbers()).toEqual(all.map((count) => count - 1))
    expect(await numbers(viewer)).toEqual(await numbers())
  })
})

interface Operation {
  name: string
  query: string
  fields: string[]
}

interface Step {
  on: string
  name: string
  select: (inner: string) => string
}

/** One operation per way from Query to a film on which no type comes twice. Throws for a field without its arguments. */
function pathsToFilms(of: GraphQLSchema): Operation[] {
  const found: Operation[] = []
  const walk = (type: GraphQLNamedType, steps: readonly Step[]) => {
    if (type.name === 'Film') found.push(operationOf(steps))
    else for (const [target, step] of stepsFrom(type, steps)) walk(target, [...steps, step])
  }
  walk(of.getQueryType()!, [])
  return found
}

function operationOf(steps: readonly Step[]): Operation {
  const fields = steps.map((it) => it.name)
  const body = steps.reduceRight((inner, { select }) => select(inner), LEAVES)
  return { name: fields.join(' > '), fields, query: `{ ${body} }` }
}

function stepsFrom(type: GraphQLNamedType, before: readonly Step[]): [GraphQLNamedType, Step][] {
  const on = type.name
  if (before.some((it) => it.on === on)) return []
  if (isUnionType(type)) {
    return type.getTypes().map((member) => {
      const select = (inner: string) => `... on ${member.name} { ${inner} }`
      return [member, { on, name: `${on}.${member.name}`, select }]
    })
  }
  if (!isObjectType(type)) return []
  return Object.values(type.getFields())
    .filter((field) => isCompositeType(getNamedType(field.type)))
    .map((field) => {
      const name = `${on}.${field.name}`
      const select = (inner: string) =>
        callsOf(name, field)
          .map((call) => `${call} { ${inner} }`)
          .join(' ')
      return [getNamedType(field.type), { on, name, select }]
    })
}

function callsOf(name: string, field: GraphQLField<unknown, unknown>): string[] {
  const given = ARGUMENTS[name]
  if (given === undefined && field.args.some(isRequiredArgument)) {
    throw new Error(`this test needs arguments for the new field ${name}`)
  }
  return (given ?? ['']).map((args, index) => `call${index}: ${field.name}${args}`)
}

const filmsIn = (type: GraphQLNamedType): boolean =>
  type.name === 'Film' || (isUnionType(type) && type.getTypes().some((it) => it.name === 'Film'))
