import { z } from 'zod'
import { tooLong, trimmedText, typedText } from './typed-text.js'

export const MIN_LOGIN_LENGTH = 3
export const MAX_LOGIN_LENGTH = 64
export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 128
export const MAX_NAME_LENGTH = 100
export const MAX_EMAIL_LENGTH = 254
const MAX_RAW_PASSWORD_LENGTH = 1024

const LOGIN_CHARACTERS = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i

const codePoints = (text: string) => Array.from(text).length
const nfkc = (text: string) => text.normalize('NFKC')

/**
 * Letters of one alphabet only: a login that looks like another one (Cyrillic `а` in `admin`) cannot exist. NFKC folds
 * full-width and other typographic forms of the same letters first.
 */
export const login = trimmedText(MAX_LOGIN_LENGTH).pipe(
  z
    .string()
    .min(MIN_LOGIN_LENGTH, `must have at least ${MIN_LOGIN_LENGTH} characters`)
    .max(MAX_LOGIN_LENGTH, tooLong(MAX_LOGIN_LENGTH))
    .regex(
      LOGIN_CHARACTERS,
      'may hold Latin letters, digits and between them dots, hyphens and underscores',
    ),
)

/** As they are told apart by who reads in a hurry: `no-reply` and `NoReply` are one. */
const RESERVED_LOGINS = new Set([
  ...['admin', 'administrator', 'root', 'superuser', 'sysadmin', 'system', 'operator'],
  ...['support', 'help', 'helpdesk', 'info', 'contact', 'service', 'staff', 'team', 'moderator'],
  ...['security', 'abuse', 'billing', 'official', 'cinegraph'],
  ...['postmaster', 'hostmaster', 'webmaster', 'mailerdaemon', 'noreply'],
])

/** What people may call themselves: not what others would take for whoever runs this. Scripts may make such accounts. */
export const ownLogin = login.refine(
  (text) => !RESERVED_LOGINS.has(loginKey(text).replace(/[._-]/g, '')),
  'is reserved: it would pass for whoever runs this service',
)

/** Whether there can be an account of this login: any other text need not be looked up. */
export const isLogin = (text: string): boolean => login.safeParse(text).success

/** What is unique about a login, and how it is looked up. */
export const loginKey = (text: string): string => nfkc(text).trim().toLowerCase()

/** What is unique about an address that was confirmed, and how it is looked up. */
export const emailKey = (text: string): string => nfkc(text).trim().toLowerCase()

/** The same password typed on another keyboard or system has the same characters after NFKC (NIST SP 800-63B). */
export const password = typedText(MAX_PASSWORD_LENGTH, MAX_RAW_PASSWORD_LENGTH)
  .refine((text) => codePoints(text) >= MIN_PASSWORD_LENGTH, {
    message: `must have at least ${MIN_PASSWORD_LENGTH} characters`,
  })
  .refine((text) => codePoints(text) <= MAX_PASSWORD_LENGTH, {
    message: tooLong(MAX_PASSWORD_LENGTH),
  })

/** Blank counts as not given. */
const optional = <S extends z.ZodType<string, string>>(max: number, schema: S) =>
  trimmedText(max)
    .nullish()
    .transform((text) => text || null)
    .pipe(schema.nullable())

const name = optional(
  MAX_NAME_LENGTH,
  z
    .string()
    .max(MAX_NAME_LENGTH, tooLong(MAX_NAME_LENGTH))
    // Cf: those that turn the direction of what follows, or are not seen
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'may not hold control characters'),
)

export const email = z
  .email('is not an email address')
  .max(MAX_EMAIL_LENGTH, tooLong(MAX_EMAIL_LENGTH))

export const newAccount = z.object({
  login,
  password,
  email: optional(MAX_EMAIL_LENGTH, email),
  firstName: name,
  lastName: name,
})
export type NewAccount = z.output<typeof newAccount>

/** As `newAccount`, for strangers. */
export const registration = newAccount.extend({ login: ownLogin })

/** What is absent stays as it is; null and blank take it away. */
export const profileChange = z.object({ firstName: name.optional(), lastName: name.optional() })

/** Anything longer cannot be right and is not worth hashing; what is shorter or odd is simply not right. */
export const credentials = z.object({
  login: typedText(256, 256).transform(loginKey),
  password: typedText(MAX_RAW_PASSWORD_LENGTH, MAX_RAW_PASSWORD_LENGTH),
})
export type Credentials = z.input<typeof credentials>
