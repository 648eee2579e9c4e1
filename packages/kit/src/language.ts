/** Languages the catalogue is written in. */
export const Language = { EN: 'en', RU: 'ru' } as const
export type Language = (typeof Language)[keyof typeof Language]

/** A text in the languages there are; at least one. */
export type Translations<T = string> = { readonly [L in Language]?: T }

/** The text in `language`, or in the other one when it was never translated. */
export const translate = <T>(texts: Translations<T>, language: Language): T | undefined =>
  texts[language] ?? texts.en ?? texts.ru

/** Gathers one column of translation rows by language; a text that was never translated is left out. */
export const textsOf = <K extends string>(
  rows: readonly ({ language: string } & Readonly<Record<K, string | null>>)[],
  column: K,
): Translations =>
  Object.fromEntries(
    rows.flatMap((row) => (row[column] === null ? [] : [[row.language, row[column]]])),
  )
