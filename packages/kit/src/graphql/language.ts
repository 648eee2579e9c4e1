import { registerEnumType } from 'type-graphql'

/** Languages the catalogue is written in. Every subgraph takes this enum from here, so its values cannot diverge. */
export enum Language {
  EN = 'en',
  RU = 'ru',
}

registerEnumType(Language, {
  name: 'Language',
  description: 'A language of the catalogue.',
  valuesConfig: { EN: { description: 'English.' }, RU: { description: 'Russian.' } },
})

/** A text in the languages there are; at least one. */
export type Translations<T = string> = { readonly [L in `${Language}`]?: T }

/** The text in `language`, or in the other one when it was never translated. */
export const translate = <T>(texts: Translations<T>, language: Language): T | undefined =>
  texts[language] ?? texts.en ?? texts.ru
