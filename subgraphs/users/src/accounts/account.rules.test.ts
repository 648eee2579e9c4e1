import { describe, expect, it } from 'vitest'
import { login, loginKey, newAccount, ownLogin, password, registration } from './account.rules.js'

const messageOf = (schema: typeof login | typeof password, value: string) =>
  schema.safeParse(value).error?.issues[0]?.message

describe('a login', () => {
  it.each(['abc', 'Ann-Lee', 'j.r.r_tolkien', '007', 'a'.repeat(64)])('may be %s', (value) => {
    expect(login.parse(value)).toBe(value)
  })

  it('keeps its case and loses surrounding blanks', () => {
    expect(login.parse('  Ann ')).toBe('Ann')
  })

  it('folds full-width letters into the ones they stand for', () => {
    expect(login.parse('ａｎｎ')).toBe('ann')
  })

  it.each([
    ['with a Cyrillic look-alike', '\u0430dmin'],
    ['with a letter that has a diacritic', 'zoë'],
    ['with a zero-width character', 'ad\u200bmin'],
    ['with a blank', 'ann lee'],
    ['with an at sign', 'ann@example.org'],
    ['that begins with a dot', '.ann'],
    ['that ends with a hyphen', 'ann-'],
  ])('is refused %s', (_, value) => {
    expect(messageOf(login, value)).toMatch(/^may hold Latin letters/)
  })

  it('has 3 to 64 characters', () => {
    expect(messageOf(login, 'ab')).toBe('must have at least 3 characters')
    expect(messageOf(login, 'a'.repeat(65))).toBe('must have at most 64 characters')
  })

  it('has one key whatever its case, blanks and width', () => {
    expect(new Set(['Ann', 'ANN', ' ann', 'ａnn'].map(loginKey))).toEqual(new Set(['ann']))
  })
})

describe('a login that people give themselves', () => {
  it.each(['admin', 'ROOT', 'Support', 'Cine.Graph', 'no-reply', 'ａｄｍｉｎ'])(
    'is not %s',
    (value) => {
      expect(login.safeParse(value).success).toBe(true)
      expect(messageOf(ownLogin, value)).toMatch(/^is reserved/)
      const input = { login: value, password: 'correct horse' }
      expect(newAccount.safeParse(input).success).toBe(true)
      expect(registration.safeParse(input).error?.issues[0]?.path).toEqual(['login'])
    },
  )

  it('may hold such a word', () => {
    expect(ownLogin.parse('Root-Beer')).toBe('Root-Beer')
  })
})

describe('a password', () => {
  it('has 8 to 128 characters, counted as people count them', () => {
    expect(messageOf(password, '1234567')).toBe('must have at least 8 characters')
    expect(messageOf(password, '🎬'.repeat(7))).toBe('must have at least 8 characters')
    expect(messageOf(password, '🎬'.repeat(128))).toBeUndefined()
    expect(messageOf(password, 'x'.repeat(129))).toBe('must have at most 128 characters')
  })

  it('is the same however its letters are composed', () => {
    expect(password.parse('cafe\u0301 au lait')).toBe(password.parse('caf\u00e9 au lait'))
  })

  it('keeps its blanks', () => {
    expect(password.parse(' a b c d e ')).toBe(' a b c d e ')
  })
})

describe('the rest of an account', () => {
  const account = { login: 'ann', password: 'correct horse' }

  it('is optional, and blank is not given', () => {
    const none = { ...account, email: null, firstName: null, lastName: null }
    expect(newAccount.parse(account)).toEqual(none)
    expect(newAccount.parse({ ...account, email: '', firstName: '  ', lastName: null })).toEqual(
      none,
    )
  })

  it.each([
    ['email', 'ann', 'is not an email address'],
    ['email', `ann@${'a'.repeat(250)}.org`, 'must have at most 254 characters'],
    ['firstName', 'x'.repeat(101), 'must have at most 100 characters'],
    ['lastName', 'x'.repeat(101), 'must have at most 100 characters'],
  ])('refuses a bad %s', (field, value, message) => {
    const issue = newAccount.safeParse({ ...account, [field]: value }).error?.issues[0]
    expect(issue).toMatchObject({ path: [field], message })
  })
})
