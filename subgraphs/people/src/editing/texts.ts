import { Language, type Translations } from '@cinegraph/kit/language'

/** What an editor gives: absent languages stay as they are, null removes one. */
export type TextsChange = { readonly [L in Language]?: string | null | undefined }

export const LANGUAGES = Object.values(Language)

/** The languages that there is a text in. */
export const languagesOf = (texts: Translations): Language[] =>
  LANGUAGES.filter((language) => texts[language] !== undefined)

/** `undefined` changes nothing, null removes all. */
export function changedTexts(
  before: Translations,
  change: TextsChange | null | undefined,
): Translations {
  if (change === null) return {}
  const texts = LANGUAGES.map((language) => {
    const given = change?.[language]
    return [language, given === undefined ? before[language] : given] as const
  })
  return Object.fromEntries(texts.filter(([, text]) => text != null))
}

/**
 * A name, and what was written in the languages of names: with the name in a language goes the text in it, unless a new one
 * is given.
 */
export function changedWithName(
  before: { name: Translations; text: Translations },
  change: { name?: TextsChange | undefined; text?: TextsChange | null | undefined },
): { name: Translations; text: Translations } {
  const gone = LANGUAGES.filter((language) => change.name?.[language] === null)
  const staying = changedTexts(
    before.text,
    Object.fromEntries(gone.map((language) => [language, null])),
  )
  return { name: changedTexts(before.name, change.name), text: changedTexts(staying, change.text) }
}
