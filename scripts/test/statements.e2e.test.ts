import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { buildSchema, getNamedType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../src/paths.js'
import { openPeople } from './people.js'
import { SIZES, type Size } from './statements/catalogue.js'
import { startCounted } from './statements/counted-cinegraph.js'
import { everything, type ListField, listFieldsOf, selectionOf } from './statements/everything.js'
import { fill, hideFilms } from './statements/fill.js'
import { ARGUMENTS, CALLS, WAYS } from './statements/ways.js'

const schema = buildSchema(await readFile(path.join(ROOT, 'gateway/api-schema.graphql'), 'utf8'))
const lists = listFieldsOf(schema)
const read = lists.filter(({ type }) => type in WAYS)
const called = lists.filter(({ name }) => name in CALLS)

const cinegraph = await startCounted(fill)
const people = await openPeople(cinegraph)
const PERMISSIONS = ['films:read-hidden', 'films:write', 'people:write', 'users:read']
const { accessToken, id: userId } = await people.withPermissions(PERMISSIONS)
await hideFilms(people.postgres.prisma, userId)

const ask = async (query: string, token?: string) => {
  const { answer, statements } = await cinegraph.watch({ query, ...(token && { token }) })
  const codes = new Set(answer.errors?.map((it) => it.extensions['code']))
  return { codes: [...codes], items: itemsIn(answer.data), statements }
}

/** How many items there are in all that an answer has by the name of `list`. */
function itemsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const all = Object.entries(value).map(([name, it]: [string, unknown]) => {
    if (name !== 'list') return itemsIn(it)
    const items = it as unknown[] | { edges: unknown[] } | null
    return (Array.isArray(items) ? items : items?.edges)?.length ?? 0
  })
  return all.reduce((sum, it) => sum + it, 0)
}

interface Asked {
  readonly items: number
  readonly statements: readonly string[]
}

/**
 * Fails with the statements that the long list took more often, each with both numbers. What is read at one time may now and
 * then be read at two, since answers come when they come: it may, for less than one in three of the further items.
 */
function expectNoMore(short: Asked, long: Asked) {
  const more = grown(short.statements, long.statements)
  const report = more.map((it) => it.slice(0, 300)).join('\n')
  const split = Math.floor(Math.max(long.items - short.items, 0) / 3)
  expect(long.statements.length, report).toBeLessThanOrEqual(short.statements.length + split)
}

function grown(short: readonly string[], long: readonly string[]): string[] {
  const counts = (statements: readonly string[]) =>
    Map.groupBy(statements, (it) => it.replaceAll(/\s+/g, ' ').replaceAll(/(\$\d+,? ?)+/g, '$'))
  const before = counts(short)
  return [...counts(long)].flatMap(([text, all]) => {
    const times = before.get(text)?.length ?? 0
    return all.length > times ? [`${times} -> ${all.length}: ${text}`] : []
  })
}

test('every list has a way to it here, and every way leads to one', () => {
  const names = (all: readonly ListField[]) => all.map(({ name }) => name)
  expect(names(lists.filter((it) => !read.includes(it) && !called.includes(it)))).toEqual([])
  expect(new Set(read.map(({ type }) => type))).toEqual(new Set(Object.keys(WAYS)))
  expect(new Set(names(called))).toEqual(new Set(Object.keys(CALLS)))
  expect(names(read)).toEqual(expect.arrayContaining(Object.keys(ARGUMENTS)))
})

describe.each(read)('$name', (list) => {
  const { name, type, field } = list
  const takesFirst = field.args.some((it) => it.name === 'first')
  const operation = (size: Size) => {
    const args = ARGUMENTS[name]?.(size) ?? (takesFirst ? `first: ${SIZES[size]}` : '')
    return WAYS[type]!(size).replace('LIST', `list: ${selectionOf(schema, field, { args })}`)
  }

  test('takes an editor as many statements when it is long as when it is short', async () => {
    const short = await ask(operation('short'), accessToken)
    const long = await ask(operation('long'), accessToken)
    expect([short.codes, long.codes]).toEqual([[], []])
    expect(short.items).toBeGreaterThan(0)
    expect(long.items).toBeGreaterThan(short.items)
    expectNoMore(short, long)
  })

  test('takes anyone as many statements when it is long as when it is short', async () => {
    const short = await ask(operation('short'))
    const long = await ask(operation('long'))
    for (const { codes } of [short, long])
      expect(['UNAUTHORIZED_FIELD_OR_TYPE']).toEqual(expect.arrayContaining(codes))
    expectNoMore(short, long)
  })
})

test.each(called)('$name takes as many statements for many items as for few', async (list) => {
  const all = everything(schema, getNamedType(list.field.type), 2)
  /** What it takes to answer with all that there is of the items, rather than with nothing of them. */
  const statementsFor = async (size: Size) => {
    const call = CALLS[list.name]!(size)
    const plain = await ask(call.replace('ITEM', '__typename'), accessToken)
    const full = await ask(call.replace('ITEM', all), accessToken)
    expect([plain.codes, full.codes]).toEqual([[], []])
    return { items: full.items, statements: full.statements.length - plain.statements.length }
  }
  const [short, long] = [await statementsFor('short'), await statementsFor('long')]
  expect(long.items).toBeGreaterThan(short.items)
  expect(long.statements).toBeLessThanOrEqual(short.statements)
})
