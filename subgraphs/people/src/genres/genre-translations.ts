import type { Language } from '@cinegraph/kit/language'
import { languagesOf } from '../editing/texts.js'
import type { GenreRecord } from './genre.repository.js'

interface GenreTexts {
  readonly language: Language
  readonly name: string
  readonly description: string | null
}

/** The texts as they were written, one for each language that there is a name in. */
export const translationsOf = ({
  name,
  description,
}: Pick<GenreRecord, 'name' | 'description'>): GenreTexts[] =>
  languagesOf(name).map((language) => ({
    language,
    name: name[language]!,
    description: description[language] ?? null,
  }))
