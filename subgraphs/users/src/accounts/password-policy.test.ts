import { expect, it } from 'vitest'
import { newAccount } from './account.rules.js'
import { weaknessOf } from './password-policy.js'

const judge = (password: string) =>
  weaknessOf(
    newAccount.parse({
      login: 'nosferatu',
      password,
      email: 'friedrich@example.org',
      firstName: 'Friedrich Wilhelm',
      lastName: 'Plumpe-Murnau',
    }),
  )

it.each(['password', 'PASSWORD', 'iloveyou', '12345678', 'qwertyuiop'])(
  'finds that %s is common',
  async (password) => {
    expect(await judge(password)).toBe('COMMON')
  },
)

it.each(['Nosferatu', 'friedrich@example.org', 'FRIEDRICH', 'friedrich wilhelm', 'plumpe-murnau'])(
  'finds that %s is personal',
  async (password) => {
    expect(await judge(password)).toBe('PERSONAL')
  },
)

it.each(['correct horse battery staple', 'nosferatu 1922'])('accepts %s', async (password) => {
  expect(await judge(password)).toBeUndefined()
})
