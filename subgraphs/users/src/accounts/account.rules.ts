import { z } from 'zod'

export const MIN_LOGIN_LENGTH = 3
export const MAX_LOGIN_LENGTH = 64
export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 128
export const MAX_NAME_LENGTH = 100
const MAX_EMAIL_LENGTH = 254

const LOGIN_CHARACTERS = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i

const codePoints = (text: string) => Array.from(text).length
const nfkc = (text: string) => text.normalize('NFKC')

/**
 * Letters of one alphabet only: a login that looks like another one (Cyrillic `а` in `admin`) cannot exist. NFKC folds
 * full-width and other typographic forms of the same letters first.
 */
export const login = z
  .string()
  .transform((text) => nfkc(text).trim())
  .pipe(
    z
      .string()
      .min(MIN_LOGIN_LENGTH, `must have at least ${MIN_LOGIN_LENGTH} characters`)
      .max(MAX_LOGIN_LENGTH, `must have at most ${MAX_LOGIN_LENGTH} characters`)
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
export const normalisePassword = nfkc

export const password = z
  .string()
  .transform(normalisePassword)
  .refine((text) => codePoints(text) >= MIN_PASSWORD_LENGTH, {
    message: `must have at least ${MIN_PASSWORD_LENGTH} characters`,
  })
  .refine((text) => codePoints(text) <= MAX_PASSWORD_LENGTH, {
    message: `must have at most ${MAX_PASSWORD_LENGTH} characters`,
  })

/** Blank counts as not given. */
const optional = <S extends z.ZodType<string, string>>(schema: S) =>
  z
    .string()
    .nullish()
    .transform((text) => nfkc(text ?? '').trim() || null)
    .pipe(schema.nullable())

const name = optional(
  z
    .string()
    .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`)
    .regex(/^\P{Cc}*$/u, 'may not hold control characters'),
)

export const email = z
  .email('is not an email address')
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)

export const newAccount = z.object({
  login,
  password,
  email: optional(email),
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
  login: z.string().max(256, 'must have at most 256 characters').transform(loginKey),
  password: z.string().max(1024, 'must have at most 1024 characters').transform(normalisePassword),
})
export type Credentials = z.input<typeof credentials>
