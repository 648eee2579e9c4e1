import { Language, type Translations } from '@cinegraph/kit/language'

/** Texts by what they are, e.g. `name`, each in the languages that it is there in. */
type Texts<K extends string> = { readonly [Of in K]: Translations }

/** What an editor gives: absent stays as it is, null removes one text, or all of a language. */
export type TextsChange<K extends string> = {
  readonly [L in Language]?: { readonly [Of in K]?: string | null | undefined } | null | undefined
}

const LANGUAGES = Object.values(Language)

/** The languages that there is a text in. */
export const languagesOf = (texts: Translations): Language[] =>
  LANGUAGES.filter((language) => texts[language] !== undefined)

/** All texts of `before` with the changes. */
export function changedTexts<K extends string>(
  before: Texts<K>,
  changes: TextsChange<K> = {},
): Texts<K> {
  const textsOf = (of: K): Translations => {
    const texts = LANGUAGES.map((language) => {
      const change = changes[language]
      const given = change === null ? null : change?.[of]
      return [language, given === undefined ? before[of][language] : given] as const
    })
    return Object.fromEntries(texts.filter(([, text]) => text != null))
  }
  const kinds = Object.keys(before) as K[]
  return Object.fromEntries(kinds.map((of) => [of, textsOf(of)])) as Texts<K>
}
