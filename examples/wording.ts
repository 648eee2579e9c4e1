import type { FilmCardFragment, Language } from '@cinegraph/sdk'

/** A line of facts: its label in Russian and in English, and its value. */
export type Fact = readonly [russian: string, english: string, value: string | null | undefined]

/** Those facts that have a value, a line for each, with labels of one width. */
export function facts(language: Language, all: readonly Fact[]): string {
  const known = all.flatMap(([russian, english, value]) =>
    value ? [[language === 'RU' ? russian : english, value] as const] : [],
  )
  const width = Math.max(...known.map(([label]) => label.length))
  return known.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n')
}

/** Sections with an empty line between them; those without text are left out. */
export const sections = (...texts: (string | null | undefined)[]) =>
  texts.filter(Boolean).join('\n\n')

export const nothingFound = ({ text, language }: { text: string; language: Language }) =>
  language === 'RU' ? `По запросу «${text}» ничего не найдено.` : `Nothing is found for "${text}".`

export const titled = ({ title, releaseYear }: FilmCardFragment) =>
  releaseYear === null ? title : `${title} (${releaseYear})`

/** A film as a line of a list. */
export const filmLine = (film: FilmCardFragment) =>
  `  ${film.externalRating?.toFixed(1).padStart(4) ?? '   –'}  ${titled(film)}`

export function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code
}

export function day(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(date),
  )
}
