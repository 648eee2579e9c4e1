import type { Postgres } from '@cinegraph/engines/postgres/open'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData, type ExecuteResult } from '@cinegraph/testkit/execute'
import { beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from './administration.js'
import { behindALock, ofAccount } from './behind-a-lock.js'
import { emailsOf, type Joined, joinWithEmail, rowOf, tokenIn } from './email/email-client.js'
import { PASSWORD, startUsers, viewerOf } from './start-users.js'

const OWNERS = 'the password of the owner'
const THIEFS = 'the password of a thief'

let postgres: Postgres
let users: Awaited<ReturnType<typeof startUsers>>
let emails: ReturnType<typeof emailsOf>

beforeAll(async () => {
  postgres = await openTestPostgres()
  users = await startUsers(postgres)
  emails = emailsOf(users)
})

type Answer = ExecuteResult<unknown>

const ASKED_BY_A_THIEF: Record<string, string> = {
  changePassword: `changePassword(oldPassword: "${PASSWORD}", newPassword: "${THIEFS}") { __typename }`,
  changeLogin: `changeLogin(newLogin: "thief", password: "${PASSWORD}") { __typename }`,
  deleteMyAccount: `deleteMyAccount(password: "${PASSWORD}")`,
}

const ask = (by: Pick<Joined, 'viewer'>, field: string): Promise<Answer> =>
  users.run(`mutation { it: ${field} }`, {}, by.viewer)

describe.each(Object.entries(ASKED_BY_A_THIEF))('%s', (name, field) => {
  it('that was under way when the owner reset the password changes nothing', async () => {
    const owner = await joinWithEmail(users, `reset-${name}`)
    await emails.requestReset.answer({ email: owner.email })
    const token = tokenIn(await users.mailbox.nextTo(owner.email))
    const [reset, late] = await behindALock(postgres, ofAccount(owner.session.user.id), [
      () => emails.reset.answer({ token, newPassword: OWNERS }),
      () => ask(owner, field),
    ])
    expect(reset).toMatchObject({ __typename: 'PasswordReset' })
    expect(await refusalOf(Promise.resolve(late))).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await users.logIn(`reset-${name}`, OWNERS)).toMatchObject({
      user: { id: owner.session.user.id },
    })
    expect((await users.logInError(`reset-${name}`, THIEFS)).extensions.code).toBe(
      'UNAUTHENTICATED',
    )
  })

  it('that was under way when the owner ended its session changes nothing', async () => {
    const login = `ended-${name}`
    const stolen = await users.register({ login })
    const owner = await users.logIn(login)
    const before = await rowOf(postgres, stolen)
    const [ended, late] = await behindALock(postgres, ofAccount(owner.user.id), [
      () => ask({ viewer: viewerOf(owner) }, 'endOtherSessions'),
      () => ask({ viewer: viewerOf(stolen) }, field),
    ])
    expect(expectData(ended)).toEqual({ it: 1 })
    expect(await refusalOf(Promise.resolve(late))).toMatchObject({ code: 'UNAUTHENTICATED' })
    const { passwordHash } = before
    expect(await rowOf(postgres, stolen)).toMatchObject({ login, passwordHash })
  })
})

it('of two changes of a password in one session, the second does not override the first', async () => {
  const session = await users.register({ login: 'twice' })
  const viewer = viewerOf(session)
  const change = (newPassword: string) => () =>
    ask(
      { viewer },
      `changePassword(oldPassword: "${PASSWORD}", newPassword: "${newPassword}") { __typename }`,
    )
  const [first, second] = await behindALock(postgres, ofAccount(session.user.id), [
    change(OWNERS),
    change(THIEFS),
  ])
  expectData(first)
  expect(await refusalOf(Promise.resolve(second))).toMatchObject({ code: 'UNAUTHENTICATED' })
  await users.logIn('twice', OWNERS)
})
