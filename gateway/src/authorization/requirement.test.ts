import { ANONYMOUS, type Viewer } from '@cinegraph/kit/identity'
import { expect, it } from 'vitest'
import { isMet, refusalOf, type Requirement } from './requirement.js'

const user = (...permissions: string[]): Viewer => ({
  ...{ kind: 'user', id: '1', sessionId: '1', roles: [] },
  permissions,
})
const LOGIN: Requirement = { anyOf: [{ loggedIn: true, permissions: [] }] }
const needs = (...sets: string[][]): Requirement => ({
  anyOf: sets.map((permissions) => ({ loggedIn: false, permissions })),
})

it('is met by one alternative, all of it', () => {
  const requirement = needs(['a', 'b'], ['c'])
  expect(isMet(requirement, user('a', 'b'))).toBe(true)
  expect(isMet(requirement, user('c'))).toBe(true)
  expect(isMet(requirement, user('a'))).toBe(false)
  expect(isMet(requirement, ANONYMOUS)).toBe(false)
  expect([isMet(LOGIN, user()), isMet(LOGIN, ANONYMOUS)]).toEqual([true, false])
})

const refusals: [Requirement[], Viewer, string][] = [
  [[LOGIN], ANONYMOUS, 'Log in to get User.email.'],
  [[{ anyOf: [...needs(['a']).anyOf, ...LOGIN.anyOf] }], ANONYMOUS, 'Log in to get User.email.'],
  [[LOGIN, needs(['a'])], ANONYMOUS, 'Log in with the permission a to get User.email.'],
  [[needs(['a'])], user(), 'User.email needs the permission a.'],
  [
    [needs(['a', 'b'], ['c']), needs(['d'])],
    user(),
    'User.email needs the permission a and b or c, and d.',
  ],
]
it.each(refusals)('tells what to do %#', (unmet, viewer, message) => {
  expect(refusalOf('User.email', unmet, viewer)).toBe(message)
})
