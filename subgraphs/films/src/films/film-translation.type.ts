import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import type { Translations } from '@cinegraph/kit/language'
import { Field, ObjectType } from 'type-graphql'

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'The texts of a film, a season or an episode in one language.' })
export class FilmTranslation {
  @Field(() => Language, { description: 'The language.' })
  language!: Language

  @Field(() => String, { description: 'The title.' })
  title!: string

  @Field(() => String, {
    nullable: true,
    description: 'What it is about; null when nobody wrote it.',
  })
  description!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'The line on the poster of a film; null when it has none, and of seasons and episodes.',
  })
  tagline!: string | null
}

interface Texts {
  readonly title: Translations
  readonly description: Translations
  readonly tagline?: Translations
}

/** One for each language that there is a title in. */
export const translationsOf = ({ title, description, tagline }: Texts): FilmTranslation[] =>
  Object.values(Language).flatMap((language) => {
    const name = title[language]
    if (name === undefined) return []
    const more = {
      description: description[language] ?? null,
      tagline: tagline?.[language] ?? null,
    }
    return [{ language, title: name, ...more }]
  })
