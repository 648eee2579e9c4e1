import { z } from 'zod'
import { email } from '../accounts/account.rules.js'

/** An address that somebody typed, as `register` takes it. */
export const givenEmail = z
  .string()
  .transform((text) => text.normalize('NFKC').trim())
  .pipe(email)
