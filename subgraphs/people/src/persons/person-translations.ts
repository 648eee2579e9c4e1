import type { Language } from '@cinegraph/kit/language'
import { languagesOf } from '../editing/texts.js'
import type { PersonRecord } from './person.repository.js'

interface PersonTexts {
  readonly language: Language
  readonly name: string
  readonly biography: string | null
}

/** The texts as they were written, one for each language that there is a name in. */
export const translationsOf = ({
  name,
  biography,
}: Pick<PersonRecord, 'name' | 'biography'>): PersonTexts[] =>
  languagesOf(name).map((language) => ({
    language,
    name: name[language]!,
    biography: biography[language] ?? null,
  }))
