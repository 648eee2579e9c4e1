import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { CreditRecord } from '../credits/credit.repository.js'
import { type Links, linksEdit } from './film-links.js'

const filmId = randomUUID()
const credit = (personId: string, given: Partial<CreditRecord> = {}): CreditRecord => ({
  ...{ id: randomUUID(), personId, role: 'ACTOR', character: null, order: 1 },
  ...given,
})
const edit = (before: Links, after: Links) =>
  linksEdit({ filmId, version: 3, before, after }, 'EDITED')
const linksOf = (before: Links, after: Links) =>
  edit(before, after)?.events.map(({ value }) => JSON.parse(value) as unknown)

const lang = credit('lang', { role: 'DIRECTOR' })
const helm = credit('helm', { character: 'Maria' })

test('nothing that differs is no edit', () => {
  expect(
    edit({ genreIds: ['a'], credits: [lang, helm] }, { genreIds: ['a'], credits: [lang, helm] }),
  ).toBeUndefined()
})

test('a credit more is one change, wherever it stands', () => {
  const robot = { ...helm, id: randomUUID(), character: 'Robot' }
  expect(edit({ credits: [lang, helm] }, { credits: [robot, lang, helm] })).toMatchObject({
    ...{ kind: 'FILM_LINKS', id: filmId, version: 4 },
    changes: [{ field: 'credits.helm.ACTOR', before: ['Maria'], after: ['Robot', 'Maria'] }],
  })
})

test('another order of what stays is a change', () => {
  expect(edit({ credits: [lang, helm] }, { credits: [helm, lang] })?.changes).toEqual([
    { field: 'creditOrder', before: [lang.id, helm.id], after: [helm.id, lang.id] },
  ])
})

test('the event says which lists are others', () => {
  const before = { genreIds: ['a', 'b'], credits: [lang] }
  expect(linksOf(before, { ...before, genreIds: ['b', 'a'] })).toEqual([
    { filmId, links: ['GENRES'] },
  ])
  expect(linksOf(before, { ...before, credits: [] })).toEqual([{ filmId, links: ['CREDITS'] }])
  const all = linksOf(before, { genreIds: [], credits: [] })
  expect(all).toEqual([{ filmId, links: ['CREDITS', 'GENRES'] }])
})
