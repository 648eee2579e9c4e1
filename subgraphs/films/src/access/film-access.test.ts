import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { describe, expect, it } from 'vitest'
import { audienceOf, audiencesOf, type FilmAccessFields, isVisible } from './film-access.js'

const open: FilmAccessFields = { status: 'PUBLISHED', requiredRole: null, hiddenWithoutRole: false }
const gated = { ...open, requiredRole: 'subscriber' }
const hidden = { ...gated, hiddenWithoutRole: true }
const draft = { ...open, status: 'DRAFT' } as const

const user = (roles: readonly string[], permissions: readonly string[] = []): Viewer => ({
  kind: 'user',
  id: 'u',
  sessionId: 's',
  roles,
  permissions,
})
const editor = user(['editor'], ['films:read-hidden'])

describe('audienceOf', () => {
  it.each([
    [open, 'everyone'],
    [gated, 'everyone'],
    [hidden, 'role:subscriber'],
    [draft, 'editors'],
    [{ ...hidden, status: 'ARCHIVED' as const }, 'editors'],
    [{ ...hidden, requiredRole: null }, 'editors'],
  ])('of %o is %s', (film, audience) => {
    expect(audienceOf(film)).toBe(audience)
  })
})

describe('isVisible', () => {
  it.each([
    ['anonymous', ANONYMOUS, { open: true, hidden: false, draft: false }],
    ['another role', user(['user', 'curator']), { open: true, hidden: false, draft: false }],
    ['the role', user(['subscriber']), { open: true, hidden: true, draft: false }],
    ['an editor', editor, { open: true, hidden: true, draft: true }],
    [
      'a role named like an audience',
      user(['editors']),
      { open: true, hidden: false, draft: false },
    ],
  ])('decides for %s', (_who, viewer, expected) => {
    expect({
      open: isVisible(open, viewer),
      hidden: isVisible(hidden, viewer),
      draft: isVisible(draft, viewer),
    }).toEqual(expected)
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
