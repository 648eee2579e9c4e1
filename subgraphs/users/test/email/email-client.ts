import type { KeptMail } from '@cinegraph/engines/mailer/kept-mails'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { UserViewer, Viewer } from '@cinegraph/kit/identity'
import { expectData, expectError, type TestError } from '@cinegraph/testkit/execute'
import { type SessionData, type startUsers, viewerOf } from '../start-users.js'

type Users = Awaited<ReturnType<typeof startUsers>>

const RESEND = `mutation ($language: Language! = EN) {
  it: resendEmailConfirmation(language: $language) { email expiresAt }
}`
const CHANGE = `mutation ($newEmail: String!, $password: String, $language: Language! = EN) {
  it: changeEmail(newEmail: $newEmail, password: $password, language: $language) { email expiresAt }
}`
const CONFIRM = `mutation ($token: String!) {
  it: confirmEmail(token: $token) {
    __typename
    ... on EmailConfirmed { email }
    ... on EmailTaken { email }
    ... on LinkInvalid { expired }
  }
}`
const REQUEST_RESET = `mutation ($email: String!, $language: Language! = EN) {
  it: requestPasswordReset(email: $email, language: $language)
}`
const RESET = `mutation ($token: String!, $newPassword: String!, $language: Language! = EN) {
  it: resetPassword(token: $token, newPassword: $newPassword, language: $language) {
    __typename
    ... on PasswordReset { login unlinkedSocialAccounts }
    ... on WeakPassword { reason }
    ... on LinkInvalid { expired }
  }
}`

/** A mutation that is sent by whoever asks: its answer, or its only error. */
export interface Asked<T> {
  answer: (variables: Record<string, unknown>, viewer?: Viewer) => Promise<T>
  error: (variables: Record<string, unknown>, viewer?: Viewer) => Promise<TestError>
}

export interface Outcome {
  __typename: string
  email?: string
  login?: string
  unlinkedSocialAccounts?: number
  expired?: boolean
  reason?: string
}

/** What people do about their addresses and forgotten passwords. */
export function emailsOf({ run }: Pick<Users, 'run'>) {
  const asked = <T>(query: string): Asked<T> => ({
    answer: async (variables, viewer) =>
      expectData(await run<{ it: T }>(query, variables, viewer)).it,
    error: async (variables, viewer) => expectError(await run(query, variables, viewer)),
  })
  return {
    resend: asked<{ email: string; expiresAt: string }>(RESEND),
    change: asked<{ email: string; expiresAt: string }>(CHANGE),
    confirm: asked<Outcome>(CONFIRM),
    requestReset: asked<boolean>(REQUEST_RESET),
    reset: asked<Outcome>(RESET),
  }
}

/** What a mail holds for the mutation that it names. */
export function tokenIn({ text }: KeptMail): string {
  const token = /^[\w-]{43}$/m.exec(text)?.[0]
  if (token === undefined) throw new Error(`there is no token in: ${text}`)
  return token
}

/** Registers, and confirms the address. */
export async function joinWithEmail(users: Users, login: string): Promise<Joined> {
  const email = `${login}@example.org`
  const session = await users.register({ login, email })
  const token = tokenIn(await users.mailbox.nextTo(email))
  const { __typename } = await emailsOf(users).confirm.answer({ token })
  if (__typename !== 'EmailConfirmed') throw new Error(`${email} was answered with ${__typename}`)
  return { session, viewer: viewerOf(session), email }
}

export interface Joined {
  session: SessionData
  viewer: UserViewer
  email: string
}

/** What the database knows of an account. */
export const rowOf = ({ prisma }: Postgres, { user }: SessionData) =>
  prisma.user.findUniqueOrThrow({ where: { id: user.id } })
