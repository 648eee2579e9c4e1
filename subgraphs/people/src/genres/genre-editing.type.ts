import { Field, InputType } from 'type-graphql'
import { editResultOf } from '../editing/edit-result.type.js'
import { IN_LANGUAGE, KEPT, MADE_SLUG, SLUG } from '../editing/texts.type.js'
import type { StoredGenre } from './genre.repository.js'
import { MAX_GENRE_DESCRIPTION_LENGTH, MAX_GENRE_NAME_LENGTH } from './genre.rules.js'
import { Genre } from './genre.type.js'

@InputType({
  description: 'The texts of a genre in one language. Absent: stays as it is.',
})
export class GenreTextsInput {
  @Field(() => String, {
    nullable: true,
    description: `Its name, 1 to ${MAX_GENRE_NAME_LENGTH} characters; needed when the language is new. ${KEPT}`,
  })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description: `What to expect of such films, at most ${MAX_GENRE_DESCRIPTION_LENGTH} characters; null: none.`,
  })
  description?: string | null
}

@InputType({ description: 'The texts of a genre by language; what is absent stays as it is.' })
export class GenreTranslationsInput {
  @Field(() => GenreTextsInput, { nullable: true, description: IN_LANGUAGE.en })
  en?: GenreTextsInput | null

  @Field(() => GenreTextsInput, { nullable: true, description: IN_LANGUAGE.ru })
  ru?: GenreTextsInput | null
}

@InputType({ description: 'A new genre.' })
export class CreateGenreInput {
  @Field(() => String, { nullable: true, description: MADE_SLUG })
  slug?: string | null

  @Field(() => GenreTranslationsInput, {
    description: 'Its texts, with a name in one language at least.',
  })
  translations!: GenreTranslationsInput
}

@InputType({
  description:
    'Changes to a genre: what is left out stays as it is, and null clears what may be missing.',
})
export class UpdateGenreInput {
  @Field(() => String, { nullable: true, description: `${SLUG} ${KEPT}` })
  slug?: string | null

  @Field(() => GenreTranslationsInput, {
    nullable: true,
    description: `Its texts; a name in one language has to stay. ${KEPT}`,
  })
  translations?: GenreTranslationsInput | null
}

const { Result, from } = editResultOf<StoredGenre>(() => Genre, {
  name: 'Genre',
  result: 'EditGenreResult',
})
export const EditGenreResult = Result
export const genreResultOf = from
