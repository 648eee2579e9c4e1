import type { Viewer } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, expect, it } from 'vitest'
import { editingOf, editor, named, STRANGERS } from './editing.js'
import { openPeople, type People } from './people.js'

let people: People
let editing: ReturnType<typeof editingOf>
beforeAll(async () => {
  people = await openPeople()
  editing = editingOf(people)
})

const QUERY = `query ($kind: AuditedKind!, $id: ID!, $first: Int! = 20, $after: String) {
  peopleHistory(kind: $kind, id: $id, first: $first, after: $after) {
    totalCount
    pageInfo { endCursor }
    edges { node { version action by { id } } }
  }
}`
interface History {
  totalCount: number
  pageInfo: { endCursor: string | null }
  edges: { node: { version: number; action: string; by: { id: string } | null } }[]
}
const ask = (variables: Record<string, unknown>, as: Viewer = editor) =>
  execute<{ peopleHistory: History }>(people.subgraph, { query: QUERY, variables, as })
const historyOf = async (variables: Record<string, unknown>) =>
  expectData(await ask(variables)).peopleHistory
const actionsOf = async (kind: string, id: string) =>
  (await historyOf({ kind, id })).edges.map(({ node }) => node.action)

it('tells who deleted or merged what is gone', async () => {
  const person = await editing.createPerson.done({ input: named('Deleted') })
  await editing.deletePerson.done({ id: person.id, version: 1 })
  expect(await actionsOf('PERSON', person.id)).toEqual(['DELETED', 'CREATED'])

  const [kept, merged] = [await people.seed.person(), await people.seed.person()]
  const merge = { id: kept, version: 1, mergedId: merged, mergedVersion: 1 }
  await editing.mergePersons.done({ input: merge })
  const { edges, totalCount } = await historyOf({ kind: 'PERSON', id: merged.toUpperCase() })
  expect(totalCount).toBe(1)
  expect(edges).toEqual([{ node: { version: 2, action: 'MERGED', by: { id: editor.id } } }])

  const genre = await editing.createGenre.done({ input: named('Deleted') })
  await editing.deleteGenre.done({ id: genre.id, version: 1 })
  expect(await actionsOf('GENRE', genre.id)).toEqual(['DELETED', 'CREATED'])
})

it('tells of the links of a film that was deleted', async () => {
  const filmId = await people.seed.knownFilm()
  const credits = [{ personId: await people.seed.person(), role: 'DIRECTOR' }]
  await editing.setFilmLinks.done({ filmId, version: 0, input: { credits } })
  const deletedAt = new Date()
  await people.postgres.prisma.film.update({ where: { id: filmId }, data: { deletedAt } })
  expect(await actionsOf('FILM_LINKS', filmId)).toEqual(['EDITED'])
})

it('is read in pages, and empty of what there never was', async () => {
  const { id } = await editing.createPerson.done({ input: named('First') })
  await editing.updatePerson.done({ id, version: 1, input: named('Second') })
  const first = await historyOf({ kind: 'PERSON', id, first: 1 })
  const after = first.pageInfo.endCursor
  const rest = await historyOf({ kind: 'PERSON', id, after })
  const versions = [...first.edges, ...rest.edges].map(({ node }) => node.version)
  expect(versions).toEqual([2, 1])
  for (const given of [
    { kind: 'GENRE', id },
    { kind: 'PERSON', id: 'nobody' },
  ]) {
    expect(await historyOf(given)).toMatchObject({ totalCount: 0, edges: [] })
  }
})

it.each(STRANGERS)('is not for who is %s', async (_, viewer, code) => {
  const answer = await ask({ kind: 'PERSON', id: await people.seed.person() }, viewer)
  expect(expectError(answer).extensions.code).toBe(code)
})

it('of films is for those alone who see all films', async () => {
  const as = asUser({ permissions: ['people:write'] })
  const answer = await ask({ kind: 'FILM_LINKS', id: await people.seed.knownFilm() }, as)
  expect(expectError(answer).extensions.code).toBe('FORBIDDEN')
})
