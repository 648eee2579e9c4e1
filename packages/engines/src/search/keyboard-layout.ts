const LATIN = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,.~{}:"<>'
const CYRILLIC = 'ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю'

const keysTo = (from: string, to: string) =>
  // where two keys give one letter, the unshifted one is meant
  new Map(Array.from(from, (key, index) => [key, to[index]!] as const).reverse())

const toCyrillic = keysTo(LATIN, CYRILLIC)
const toLatin = keysTo(CYRILLIC, LATIN)

/**
 * The text that the same keys give in the other of the layouts ЙЦУКЕН and QWERTY, in lower case.
 * Undefined for a text of both scripts or of neither: nobody changes layouts within a word by mistake.
 */
export function swapLayout(text: string): string | undefined {
  const latin = /\p{Script=Latin}/u.test(text)
  const cyrillic = /\p{Script=Cyrillic}/u.test(text)
  if (latin === cyrillic) return undefined
  const keys = latin ? toCyrillic : toLatin
  return Array.from(text.toLowerCase(), (key) => keys.get(key) ?? key).join('')
}
