import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { describe, expect, it } from 'vitest'
import { audiencesOf, type FilmAccessFields, isVisible } from './film-access.js'

const open: FilmAccessFields = { audience: 'everyone' }
const hidden: FilmAccessFields = { audience: 'role:subscriber' }
const draft: FilmAccessFields = { audience: 'editors' }
const deleted: FilmAccessFields = { audience: 'nobody' }

const user = (roles: readonly string[], permissions: readonly string[] = []): Viewer => ({
  kind: 'user',
  id: 'u',
  sessionId: 's',
  roles,
  permissions,
})
const editor = user(['editor'], ['films:read-hidden'])

describe('isVisible', () => {
  it.each([
    ['anonymous', ANONYMOUS, { open: true, hidden: false, draft: false }],
    ['another role', user(['user', 'curator']), { open: true, hidden: false, draft: false }],
    ['the role', user(['subscriber']), { open: true, hidden: true, draft: false }],
    ['an editor', editor, { open: true, hidden: true, draft: true }],
    ['who edits films', user([], ['films:write']), { open: true, hidden: true, draft: true }],
    [
      'who edits something else',
      user([], ['people:write']),
      { open: true, hidden: false, draft: false },
    ],
    [
      'roles named like audiences',
      user(['editors', 'nobody']),
      { open: true, hidden: false, draft: false },
    ],
  ])('decides for %s', (_who, viewer, expected) => {
    expect({
      open: isVisible(open, viewer),
      hidden: isVisible(hidden, viewer),
      draft: isVisible(draft, viewer),
    }).toEqual(expected)
    expect(isVisible(deleted, viewer)).toBe(false)
  })
})

describe('audiencesOf', () => {
  it('gives an editor the films hidden behind roles that the editor has not', () => {
    expect(audiencesOf(editor, ['subscriber'])).toEqual([
      'everyone',
      'editors',
      'role:editor',
      'role:subscriber',
    ])
  })

  it('is the same for the same roles in another order', () => {
    expect(audiencesOf(user(['b', 'a']), ['c'])).toEqual(audiencesOf(user(['a', 'b']), []))
  })
})
