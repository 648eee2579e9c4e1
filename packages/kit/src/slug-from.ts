import slugify from '@sindresorhus/slugify'
import type { Translations } from './language.js'

// leaves room for a number within the 100 characters that a slug may have
const LONGEST = 90

/**
 * A slug made of a text: of the English one, or of the Russian one in Latin letters. Undefined when neither has a letter or
 * digit that could stand in it.
 */
export const slugFrom = ({ en = '', ru = '' }: Translations): string | undefined =>
  [en, ru].map(slugOf).find((slug) => slug !== '')

// so many are asked for at once
const CANDIDATES = 50

/** `slug`, or when it is taken the first of `slug-2`, `slug-3` and so on that is not; `takenOf` says which of some slugs are. */
export async function freeSlug(
  slug: string,
  takenOf: (slugs: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string> {
  for (let first = 1; ; first += CANDIDATES) {
    const numbers = Array.from({ length: CANDIDATES }, (_, index) => first + index)
    const candidates = numbers.map((number) => (number === 1 ? slug : `${slug}-${number}`))
    const taken = await takenOf(candidates)
    const free = candidates.find((it) => !taken.has(it))
    if (free !== undefined) return free
  }
}

function slugOf(text: string): string {
  // `decamelize` would make `mc-donald` of McDonald
  const whole = slugify(text, { decamelize: false })
  if (whole.length <= LONGEST) return whole
  const words = whole.slice(0, LONGEST + 1)
  const end = words.lastIndexOf('-')
  return words.slice(0, end > 0 ? end : LONGEST)
}
