import { isCommonPassword } from './common-passwords.js'
import type { NewAccount } from './account.rules.js'

export const PasswordWeakness = { COMMON: 'COMMON', PERSONAL: 'PERSONAL' } as const
export type PasswordWeakness = (typeof PasswordWeakness)[keyof typeof PasswordWeakness]

/** For a person. */
export const WEAKNESSES: Readonly<Record<PasswordWeakness, string>> = {
  COMMON: 'It is one of the passwords that are used, and tried, most often.',
  PERSONAL: 'It is the login, the email address or a name of the account.',
}

/** Why a password of allowed length is easily guessed; `undefined` when it is not. */
export async function weaknessOf(
  account: Pick<NewAccount, 'login' | 'email' | 'firstName' | 'lastName' | 'password'>,
): Promise<PasswordWeakness | undefined> {
  const { login, email, firstName, lastName } = account
  const personal = [login, email, email?.split('@')[0], firstName, lastName]
  const typed = account.password.toLowerCase()
  if (personal.some((it) => it?.toLowerCase() === typed)) return 'PERSONAL'
  return (await isCommonPassword(typed)) ? 'COMMON' : undefined
}
