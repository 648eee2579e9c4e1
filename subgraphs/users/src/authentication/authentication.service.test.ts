import { openCounters } from '@cinegraph/engines/counters/open'
import { DependencyError } from '@cinegraph/kit/errors'
import { ANONYMOUS } from '@cinegraph/kit/identity'
import { Registry } from '@cinegraph/kit/metrics'
import { asUser } from '@cinegraph/testkit/identity'
import { memoryLog } from '@cinegraph/testkit/log'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../accounts/account.repository.js'
import { createAttemptsFactory } from './attempts.js'
import type { StoredCredentials } from './authentication.repository.js'
import { AuthenticationService } from './authentication.service.js'
import { createAuthenticationMetrics } from './metrics.js'

const FREE = 3
const limit = { free: FREE, firstDelayMs: 60_000, maxDelayMs: 60_000 }
const asking = {
  client: { address: '203.0.113.7', userAgent: undefined },
  signal: new AbortController().signal,
}
const began = new Date('2030-01-01T12:00:00Z')
const viewer = asUser()

let owner: StoredCredentials
let account: Account
let now: Date
let recorded: string[]
let hash: () => Promise<void>
let replacement: string | undefined
/** Who has the login. */
let found: () => StoredCredentials
let service: AuthenticationService

beforeEach(() => {
  owner = {
    id: viewer.id,
    loginKey: 'ann',
    // of these tests: the password itself
    passwordHash: 'right',
    tokenGeneration: 1,
    blockedAt: null,
    blockedReason: null,
  }
  account = { id: viewer.id, tokenGeneration: 1 } as Account
  now = began
  recorded = []
  hash = async () => {}
  replacement = undefined
  found = () => owner
  const metrics = new Registry()
  const createAttempts = createAttemptsFactory({
    counters: openCounters({ url: 'memory:' }),
    metrics,
  })
  service = new AuthenticationService({
    repository: {
      findByLogin: async (login) => (login === owner.loginKey ? found() : undefined),
      findById: async (id) => (id === owner.id ? owner : undefined),
      replacePasswordHash: async () => {},
      sessionBegan: async (id) => (id === viewer.sessionId ? began : undefined),
    },
    accounts: { find: async () => account },
    hasher: {
      async check(stored, { password }) {
        await hash()
        return { matches: stored === password, ...(replacement && { replacement }) }
      },
    },
    logIns: createAttempts('log-in', { account: limit }),
    logInRate: async () => {},
    confirmations: createAttempts('confirm-owner', { account: limit }),
    history: { record: async ({ outcome }) => void recorded.push(outcome) },
    metrics: createAuthenticationMetrics(metrics),
    log: memoryLog().log,
    now: () => now,
  })
})

const confirm = (password?: string | null, as = viewer) =>
  service.confirmOwner(as, { password, ...asking })
const logIn = (password: string) => service.logIn({ input: { login: 'ann', password }, ...asking })

describe('confirming the owner', () => {
  it('takes the right password, and says what was right', async () => {
    const { id: userId, sessionId } = viewer
    expect(await confirm('right')).toEqual({ userId, sessionId, passwordHash: 'right' })
  })

  it('says the new hash when the cost of hashing has changed', async () => {
    replacement = 'right at another cost'
    expect(await confirm('right')).toMatchObject({ passwordHash: replacement })
  })

  it('takes no password of whoever has got the login meanwhile', async () => {
    const other = { ...owner, id: '00000000-0000-4000-8000-000000000000' }
    found = () => other
    await expect(confirm('right')).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('refuses another with FORBIDDEN, in the history as a failed log-in', async () => {
    await expect(confirm('wrong')).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'The password is wrong.',
    })
    expect(recorded).toEqual(['WRONG_PASSWORD'])
  })

  it.each([undefined, null, ''])('asks for the password when %j is given', async (password) => {
    for (let i = 0; i < FREE * 2; i++) {
      await expect(confirm(password)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: 'Give your password to confirm that it is you.',
      })
    }
  })

  const guessLogIn = async () => {
    for (let i = 0; i < FREE; i++) await expect(logIn('wrong')).rejects.toThrow('wrong')
    await expect(logIn('right')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  }
  const guessWithToken = async () => {
    for (let i = 0; i < FREE; i++) await expect(confirm('wrong')).rejects.toThrow('wrong')
    await expect(confirm('right')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  }

  it('is not kept from by guesses of strangers', async () => {
    await guessLogIn()
    expect(await confirm('right')).toMatchObject({ passwordHash: 'right' })
  })

  it('limits guesses, and lets the owner log in meanwhile', async () => {
    await guessWithToken()
    expect(await logIn('right')).toBe(account)
  })

  it('can forget the guesses, also those of strangers', async () => {
    await guessLogIn()
    await guessWithToken()
    await service.forgetGuesses({ id: viewer.id, login: 'Ann' })
    await confirm('right')
    await logIn('right')
  })

  it('forgets the guesses after the right one', async () => {
    for (let i = 0; i < FREE; i++) {
      await expect(confirm('wrong')).rejects.toThrow('wrong')
      await confirm('right')
    }
  })

  it('refuses a password longer than any, and does not count it', async () => {
    for (let i = 0; i < FREE * 2; i++) {
      await expect(confirm('x'.repeat(1025))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    }
  })

  it('takes a young session where there is no password, and asks for another log-in later', async () => {
    owner = { ...owner, passwordHash: null }
    now = new Date(began.getTime() + 15 * 60_000 - 1)
    expect(await confirm()).toMatchObject({ passwordHash: null })
    now = new Date(began.getTime() + 15 * 60_000)
    await expect(confirm()).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'Log in again to confirm that it is you, and do this within 15 minutes.',
    })
  })

  it('takes no session that has ended', async () => {
    owner = { ...owner, passwordHash: null }
    const elsewhere = { ...viewer, sessionId: '00000000-0000-4000-8000-000000000000' }
    await expect(confirm(undefined, elsewhere)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is for those who are logged in and whose account is there', async () => {
    await expect(service.confirmOwner(ANONYMOUS, asking)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    await expect(confirm('right', asUser())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

it('does not count a guess that was not looked at because too much waits', async () => {
  hash = () => Promise.reject(new DependencyError('password hashing', 'too many wait'))
  for (let i = 0; i < FREE * 10; i++) {
    await expect(logIn('wrong')).rejects.toBeInstanceOf(DependencyError)
  }
  hash = async () => {}
  for (let i = 0; i < FREE; i++) {
    await expect(logIn('wrong')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  }
  await expect(logIn('wrong')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
})

it('logs in only the account whose password it was when it was checked', async () => {
  expect(await logIn('right')).toBe(account)
  // the password was changed, or all sessions ended, while it was hashed
  account = { ...account, tokenGeneration: 2 }
  await expect(logIn('right')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})
