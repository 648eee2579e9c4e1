import { MIN_PASSWORD_LENGTH } from './account.rules.js'

let passwords: Promise<ReadonlySet<string>> | undefined

/** Whether the password, whatever its case, is on the list of the 49,000 commonest. Loads the list when first asked. */
export async function isCommonPassword(password: string): Promise<boolean> {
  passwords ??= load().catch((error: unknown) => {
    passwords = undefined
    throw error
  })
  return (await passwords).has(password.toLowerCase())
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  // the shorter ones are refused for their length already
  return new Set(dictionary['passwords-common'].filter((it) => it.length >= MIN_PASSWORD_LENGTH))
}
