import { Arg } from 'type-graphql'

const PASSWORD = 'Your password; only an account without a password leaves it out.'

/** The account's password; null for an account without one, whose session has to be young instead. */
export type OwnersPassword = string | null | undefined

export const OWNERS_PASSWORD_OPTIONS = { nullable: true, description: PASSWORD }

/** The argument of what only the owner may do, whoever holds a token of theirs. */
export const OwnersPasswordArg = (): ReturnType<typeof Arg> =>
  Arg('password', () => String, OWNERS_PASSWORD_OPTIONS)

/** What `confirmOwner` refuses, for descriptions. */
export const CONFIRM_OWNER =
  'FORBIDDEN when the password is wrong; RATE_LIMITED after too many wrong ones. An account without a password needs a session younger than 15 minutes instead.'
