import { email, MAX_EMAIL_LENGTH } from '../accounts/account.rules.js'
import { trimmedText } from '../accounts/typed-text.js'

/** An address that somebody typed, as `register` takes it. */
export const givenEmail = trimmedText(MAX_EMAIL_LENGTH).pipe(email)
