import { DependencyError } from '@cinegraph/kit/errors'
import { Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createAnswers, type Fetch, type Json, type SubgraphError } from './answers.js'
import { placeErrors } from './place-errors.js'
import { operationOf } from './selections.js'

function parsed(text: string) {
  const document = parse(text)
  const definition = document.definitions.find((it) => it.kind === Kind.OPERATION_DEFINITION)!
  return operationOf(definition, document)
}

interface Case {
  operation: string
  fetch: Partial<Fetch>
  /** What earlier fetches brought. */
  merged?: Json
  /** What the client gets. */
  data: Json | null
  errors?: SubgraphError[]
  hasData?: boolean
}

function pathsOf({ operation, fetch, merged = {}, data, errors, hasData = false }: Case) {
  const answers = createAnswers()
  const site: Fetch = { subgraph: 'films', path: [], query: '{ a }', ...fetch }
  answers.addData({ ...site, path: [] }, merged)
  const error = new DependencyError('films', 'down')
  answers.addProblem(
    errors
      ? { fetch: site, kind: 'reported', errors, hasData }
      : { fetch: site, kind: 'failed', error },
  )
  return placeErrors(answers, { data, operation: parsed(operation) }).map(({ path }) =>
    path?.join('.'),
  )
}

const film = (id: string) => ({ __typename: 'Film', id })
const CREDITS =
  'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Film { credits { role } } } }'

describe('a failed fetch', () => {
  it('of the root is an error at each field it owed, by the client’s alias', () => {
    const paths = pathsOf({
      operation: '{ one: film { id } two: genre { id } }',
      fetch: { query: '{ one: film { id } two: genre { id } __typename }' },
      data: { one: null, two: null },
    })
    expect(paths).toEqual(['one', 'two'])
  })

  it('of entities in nested lists is an error at each of them', () => {
    const paths = pathsOf({
      operation: '{ pages { films { credits { role } } } }',
      fetch: {
        path: ['pages', '@', 'films', '@'],
        query: CREDITS,
        representations: [film('1'), film('2'), film('3')],
      },
      merged: {
        pages: [{ films: [film('1'), film('2')] }, { films: null }, { films: [film('3')] }],
      },
      data: null,
    })
    expect(paths).toEqual([
      'pages.0.films.0.credits',
      'pages.0.films.1.credits',
      'pages.2.films.0.credits',
    ])
  })

  it('finds entities again that were left out of the question', () => {
    const paths = pathsOf({
      operation: '{ films { credits { role } } }',
      fetch: {
        path: ['films', '@'],
        query: CREDITS,
        representations: [{ ...film('2'), visible: true, key: { a: [1] } }],
      },
      merged: { films: [film('2'), { ...film('2'), visible: true, key: { a: [1] }, title: 'x' }] },
      data: null,
    })
    expect(paths).toEqual(['films.1.credits'])
  })

  it('that cannot be placed is still an error', () => {
    const paths = pathsOf({
      operation: '{ films { credits { role } } }',
      fetch: { path: ['films', '@'], query: CREDITS, representations: [film('9')] },
      merged: { films: [film('1'), film('2')] },
      data: { films: [] },
    })
    expect(paths).toEqual([undefined])
  })

  it('sees through fragments', () => {
    const paths = pathsOf({
      operation: '{ film { ...Card } } fragment Card on Film { ... on Film { credits { role } } }',
      fetch: {
        path: ['film'],
        query:
          'query($r: [_Any!]!) { _entities(representations: $r) { ...F } } fragment F on Film { credits { role } }',
        representations: [film('1')],
      },
      merged: { film: film('1') },
      data: { film: { credits: null } },
    })
    expect(paths).toEqual(['film.credits'])
  })

  it('of fields the client does not know is an error at the nulls beside them', () => {
    const fetch: Partial<Fetch> = {
      path: ['film'],
      query: '{ _entities { ... on Film { visible title } } }',
      representations: [film('1')],
    }
    const merged = { film: film('1') }
    const operation = '{ film { id title credits { role } } }'
    const lost = pathsOf({
      operation,
      fetch,
      merged,
      data: { film: { id: '1', title: null, credits: null } },
    })
    expect(lost).toEqual(['film.title', 'film.credits'])
    const nothingLost = pathsOf({
      operation: '{ film { id } }',
      fetch,
      merged,
      data: { film: { id: '1' } },
    })
    expect(nothingLost).toEqual([])
    const allLost = pathsOf({
      operation,
      fetch: { ...fetch, query: '{ _entities { ... on Film { visible } } }' },
      merged,
      data: { film: null },
    })
    expect(allLost).toEqual(['film'])
  })
})

describe('a reported error', () => {
  const fetch: Partial<Fetch> = {
    path: ['films', '@'],
    query: CREDITS,
    representations: [film('1'), film('2')],
  }
  const merged = { films: [film('1'), null, film('2')] }
  const operation = '{ films { cast: credits { role } credits { role } } }'
  const data = { films: [] }
  const place = (path: SubgraphError['path'], hasData: boolean) =>
    pathsOf({ operation, fetch, merged, data, errors: [{ message: 'no', path }], hasData })

  it('of an entity’s field moves to that entity', () => {
    expect(place(['_entities', 1, 'credits', 0, 'role'], true)).toEqual(['films.2.credits.0.role'])
  })
  it('of a whole entity is at every field asked of it', () => {
    expect(place(['_entities', 1], true)).toEqual(['films.2.credits'])
  })
  it('of the whole question is at every field asked of every entity', () => {
    expect(place(['_entities'], false)).toEqual(['films.0.credits', 'films.2.credits'])
    expect(place(undefined, false)).toEqual(['films.0.credits', 'films.2.credits'])
  })
  it('without a path stays without one when there is data', () => {
    expect(place(undefined, true)).toEqual([undefined])
  })
  it('for an entity nobody asked about stays without a path', () => {
    expect(place(['_entities', 9, 'credits'], true)).toEqual([undefined])
  })
  it('keeps message and extensions', () => {
    const answers = createAnswers()
    answers.addProblem({
      fetch: { subgraph: 'films', path: [], query: '{ film { id } }' },
      kind: 'reported',
      errors: [{ message: 'No such film.', path: ['film'], extensions: { code: 'NOT_FOUND' } }],
      hasData: true,
    })
    const [error] = placeErrors(answers, {
      data: { film: null },
      operation: parsed('{ film { id } }'),
    })
    expect(error).toMatchObject({ message: 'No such film.', extensions: { code: 'NOT_FOUND' } })
  })
})
