import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest'
import { newRole } from '../administration/role.rules.js'
import { givenEmail } from '../email/email.rules.js'
import { providedName } from '../social/profile.rules.js'
import { credentials, isLogin, newAccount, ownLogin, password } from './account.rules.js'
import { typedText } from './typed-text.js'

// NFKC makes 18 characters of it: a megabyte of them keeps a process busy for a second
const MEGABYTE = '\ufdfa'.repeat(340_000)

let normalise: MockInstance

beforeEach(() => {
  normalise = vi.spyOn(String.prototype, 'normalize')
})
afterEach(() => {
  vi.restoreAllMocks()
})

it.each([
  ['a new password', password],
  ['a login', ownLogin],
  ['an address', givenEmail],
  ['an account', newAccount, ['login', 'password', 'email', 'firstName', 'lastName']],
  ['credentials', credentials, ['login', 'password']],
  ['a role', newRole, ['name', 'description']],
])('normalises nothing of a megabyte that was typed as %s', (_, rule, fields: string[] = []) => {
  const typed = Object.fromEntries(fields.map((field) => [field, MEGABYTE]))
  expect(rule.safeParse(fields.length > 0 ? typed : MEGABYTE).success).toBe(false)
  expect(normalise).not.toHaveBeenCalled()
})

it('looks up no login of a megabyte', () => {
  expect(isLogin(MEGABYTE)).toBe(false)
  expect(normalise).not.toHaveBeenCalled()
})

it('normalises of a name that a provider tells only what may be kept', () => {
  expect(providedName.parse(MEGABYTE)).toHaveLength(100)
  expect(normalise.mock.contexts.map(String)).toEqual([MEGABYTE.slice(0, 400)])
})

it('takes what only NFKC makes short enough', () => {
  expect(typedText(2).parse('e\u0301o\u0308')).toBe('éö')
})

it('says the limit of what is kept, not of what is read', () => {
  expect(typedText(2).safeParse('x'.repeat(9)).error?.issues[0]?.message).toBe(
    'must have at most 2 characters',
  )
})
