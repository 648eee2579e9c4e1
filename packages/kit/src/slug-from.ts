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

/** `slug`, or when it is taken the first of `slug-2`, `slug-3` and so on that is not. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug
  let number = 2
  while (taken.has(`${slug}-${number}`)) number++
  return `${slug}-${number}`
}

function slugOf(text: string): string {
  // `decamelize` would make `mc-donald` of McDonald
  const whole = slugify(text, { decamelize: false })
  if (whole.length <= LONGEST) return whole
  const words = whole.slice(0, LONGEST + 1)
  const end = words.lastIndexOf('-')
  return words.slice(0, end > 0 ? end : LONGEST)
}
