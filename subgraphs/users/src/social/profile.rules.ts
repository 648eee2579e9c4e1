import { z } from 'zod'
import { MAX_NAME_LENGTH } from '../accounts/account.rules.js'

export const subject = z.string().min(1).max(255)

/** A name made to fit the rules of accounts, which must keep nobody out; null when there is none. */
export const providedName = z
  .string()
  .nullable()
  .catch(null)
  .transform((name) => fitting(name ?? '') || null)

/** An address; null when there is none, or something else. */
export const providedEmail = z.email().max(254).nullable().catch(null)

const fitting = (name: string) =>
  Array.from(
    name
      // before NFKC, which makes many of one
      .slice(0, MAX_NAME_LENGTH * 4)
      .normalize('NFKC')
      .replace(/\p{Cc}/gu, ' ')
      .replace(/\p{Cf}/gu, '')
      .trim(),
  )
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    .trim()
