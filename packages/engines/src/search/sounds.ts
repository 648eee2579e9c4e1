const CYRILLIC = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k' },
  ...{ л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h' },
  ...{ ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sh', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'iu', я: 'ia' },
} as const

const letters: ReadonlyMap<string, string> = new Map(Object.entries(CYRILLIC))

/** How letters and groups of them are written down, in this order: what one romanisation writes so and another otherwise. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/s(?:hc|c)h/g, 'sh'],
  [/tch/g, 'ch'],
  [/kh/g, 'h'],
  [/ph/g, 'f'],
  [/th/g, 't'],
  [/x/g, 'ks'],
  [/w/g, 'v'],
  [/q/g, 'k'],
  [/[jy]/g, 'i'],
  // `c` is ц at the end of a word and before most consonants, else it is read as in English
  [/c(?=$|[vwmnz])/g, 'ts'],
  [/c(?=[ei])/g, 's'],
  [/c(?!h)/g, 'k'],
  // ё is folded to е
  [/io/g, 'e'],
  [/ie/g, 'e'],
  [/oo|ou/g, 'u'],
  [/(.)\1+/g, '$1'],
]

const MOST_KNOWN = 50_000
const known = new Map<string, string>()

/**
 * How a folded word sounds, in ASCII, whichever script it is written in: `чаплин` and `chaplin` are the same, and so are
 * `потемкин`, `potyomkin` and `potemkin`. Letters of other scripts are left out.
 */
export function soundOf(word: string): string {
  const before = known.get(word)
  if (before !== undefined) return before
  const sound = listenTo(word)
  // names are of few words, which come again and again
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(word, sound)
  return sound
}

function listenTo(word: string): string {
  const latin = Array.from(word, (letter) => letters.get(letter) ?? letter)
    .join('')
    .replace(/[^a-z0-9]/g, '')
  return SPELLINGS.reduce((sound, [letters, written]) => sound.replace(letters, written), latin)
}

export const isCyrillic = (word: string): boolean => /[а-я]/.test(word)
