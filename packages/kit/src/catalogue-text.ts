import { z } from 'zod'
import { Language } from './language.js'

const CONTROL = /^\P{Cc}*$/u
const CONTROL_BUT_LINES = /^[\P{Cc}\n\t]*$/u

/**
 * Text of the catalogue as an editor typed it: without the blanks around it, in NFC (NFKC would make `8½` of Fellini
 * another film), and not empty.
 */
const text = (max: number, allowed: RegExp) =>
  z
    .string()
    .max(max, `must have at most ${max} characters`)
    .transform((given) => given.replaceAll('\r\n', '\n').trim().normalize('NFC'))
    .pipe(
      z
        .string()
        .min(1, 'must not be empty')
        .regex(allowed, 'may not hold control characters')
        // what stands for a character that was lost in another encoding
        .refine(
          (it) => !it.includes('\uFFFD'),
          'holds a character that was lost on its way here (\uFFFD)',
        )
        // half of a surrogate pair is no text, and no database stores it
        .refine((it) => it.isWellFormed(), 'may not hold half of a character'),
    )

/** One line, such as a title or a name. */
export const line = (max: number) => text(max, CONTROL)

/** Lines, such as a description. */
export const prose = (max: number) => text(max, CONTROL_BUT_LINES)

/** The same text in the languages of the catalogue; which of them have to be there, the caller says. */
export const inLanguages = <S extends z.ZodType>(schema: S) =>
  z.object({ [Language.EN]: schema.nullish(), [Language.RU]: schema.nullish() })

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** The name of a thing in URLs. */
export const slug = z
  .string()
  .max(100, 'must have at most 100 characters')
  .regex(SLUG, 'must be lower-case Latin letters and digits, with hyphens between words')
