import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { execute, expectData, expectError } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { beforeAll, describe, expect, it } from 'vitest'
import { editing, type Editing, editor } from './editors.js'
import { type Films, openFilms } from './films.js'

const HISTORY = /* GraphQL */ `
  query ($id: ID!, $first: Int!, $after: String) {
    film(id: $id) {
      status
      version
      publishAt
      hiddenWithoutRole
      history(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            version
            action
            at
            by {
              id
            }
            changes {
              field
              before
              after
            }
          }
        }
      }
    }
  }
`
interface History {
  film: {
    history: {
      totalCount: number
      pageInfo: { hasNextPage: boolean; endCursor: string }
      edges: {
        node: { version: number; action: string; at: string; by: object; changes: object[] }
      }[]
    } | null
  }
}

let films: Films
let by: Editing
beforeAll(async () => {
  films = await openFilms()
  by = editing(films)
})

const ask = (variables: { id: string; first: number; after?: string }, as: Viewer = editor) =>
  execute<History>(films.subgraph, { query: HISTORY, variables: { ...variables }, as })

describe('the history of a film', () => {
  it('tells what was edited, the newest first, page by page', async () => {
    const { id } = await by.create()
    for (const [index, ageRating] of [0, 6, 16, 18].entries()) {
      await by.edit('updateFilm', { id, version: index + 1, input: { ageRating } })
    }
    await by.edit('publishFilm', { id, version: 5 })
    const versions: number[] = []
    let after: string | undefined
    do {
      const { history } = expectData(await ask({ id, first: 2, ...(after && { after }) })).film
      expect(history!.totalCount).toBe(after === undefined ? 6 : 7)
      versions.push(...history!.edges.map(({ node }) => node.version))
      // what is edited while somebody reads does not move what they read
      if (after === undefined) await by.edit('unpublishFilm', { id, version: 6 })
      after = history!.pageInfo.hasNextPage ? history!.pageInfo.endCursor : undefined
    } while (after !== undefined)
    expect(versions).toEqual([6, 5, 4, 3, 2, 1])
  })

  it('tells who, when and what', async () => {
    const { id } = await by.create()
    await by.edit('updateFilm', { id, version: 1, input: { releaseDate: '1927-01-10' } })
    const { history } = expectData(await ask({ id, first: 1 })).film
    const { at, ...entry } = history!.edges[0]!.node
    expect(entry).toEqual({
      version: 2,
      action: 'EDITED',
      by: { id: editor.id },
      changes: [
        { field: 'releaseDate', before: null, after: '"1927-01-10"' },
        { field: 'releaseYear', before: null, after: '1927' },
      ],
    })
    expect(Math.abs(Date.now() - new Date(at).getTime())).toBeLessThan(600_000)
  })

  it('takes the same statements for many films as for one', async () => {
    for (let count = 0; count < 5; count++) {
      const { id } = await by.create({ countries: ['IS'] })
      await films.seed.index(id)
    }
    const query = (first: number) => `{
      films(first: ${first}, filter: { countries: ["IS"] }) { edges { node { history(first: 2) {
        totalCount edges { node { action } }
      } } } }
    }`
    const ask = async (first: number) => {
      let entries = 0
      const statements = await films.countStatements(async () => {
        const answer = await execute(films.subgraph, { query: query(first), as: editor })
        entries = JSON.stringify(expectData(answer)).split('CREATED').length - 1
      })
      return { statements, entries }
    }
    const [one, many] = [await ask(1), await ask(5)]
    expect([one.entries, many.entries]).toEqual([1, 5])
    expect(many.statements).toBe(one.statements)
  })

  it('is empty for a film that nobody has edited', async () => {
    const id = await films.seed.film()
    const { film } = expectData(await ask({ id, first: 2 }))
    expect(film.history).toMatchObject({ totalCount: 0, edges: [] })
  })

  it.each([
    ['anonymous', ANONYMOUS],
    ['who sees drafts but edits none', asUser({ permissions: ['films:read-hidden'] })],
  ])('and all else that is for editors is null for %s', async (_, as) => {
    const id = await films.seed.film()
    expect(expectData(await ask({ id, first: 2 }, as)).film).toEqual({
      ...{ status: null, version: null, publishAt: null, hiddenWithoutRole: null },
      history: null,
    })
  })

  it.each([
    [{ first: 0 }, 'first: must be between 1 and 100'],
    [{ first: 2, after: 'W10' }, 'after: is not a cursor of this list'],
  ])('refuses %o', async (args, message) => {
    const { id } = await by.create()
    expect(expectError(await ask({ id, ...args })).message).toBe(message)
  })
})
