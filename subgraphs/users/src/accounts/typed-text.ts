import { z } from 'zod'

/** A letter may be written with up to this many marks of its own and still be one after NFKC. */
const MOST_PER_CHARACTER = 4

export const tooLong = (max: number): string => `must have at most ${max} characters`

/**
 * Text as a person typed it, in NFKC; `max` is what a rule after this allows. What is far too long is refused as it came: NFKC
 * makes up to 18 characters of one, and while it goes through a megabyte this process answers nobody.
 */
export const typedText = (max: number, longest = max * MOST_PER_CHARACTER) =>
  z
    .string()
    .max(longest, tooLong(max))
    .transform((text) => text.normalize('NFKC'))

/** As `typedText`, without the blanks around it. */
export const trimmedText = (max: number) => typedText(max).transform((text) => text.trim())
