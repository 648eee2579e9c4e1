import { Field, InputType } from 'type-graphql'
import { editResultOf } from '../editing/edit-result.type.js'
import { PeopleTextInput, SLUG } from '../editing/texts.type.js'
import type { StoredGenre } from './genre.repository.js'
import { MAX_GENRE_DESCRIPTION_LENGTH, MAX_GENRE_NAME_LENGTH } from './genre.rules.js'
import { Genre } from './genre.type.js'

const NAME = `Name in one language at least, 1 to ${MAX_GENRE_NAME_LENGTH} characters each.`
const DESCRIPTION = `What to expect of such films, at most ${MAX_GENRE_DESCRIPTION_LENGTH} characters each, in languages in which there is a name.`

@InputType({ description: 'A new genre.' })
export class CreateGenreInput {
  @Field(() => String, {
    nullable: true,
    description: `${SLUG} Absent: made of the name, with a number when another has it.`,
  })
  slug?: string | null

  @Field(() => PeopleTextInput, { description: NAME })
  name!: PeopleTextInput

  @Field(() => PeopleTextInput, { nullable: true, description: DESCRIPTION })
  description?: PeopleTextInput | null
}

@InputType({
  description:
    'Changes to a genre: what is left out stays as it is, and null clears what may be missing.',
})
export class UpdateGenreInput {
  @Field(() => String, { nullable: true, description: `${SLUG} Cannot be cleared.` })
  slug?: string

  @Field(() => PeopleTextInput, {
    nullable: true,
    description: `${NAME} A language that is removed takes its description with it. Cannot be cleared.`,
  })
  name?: PeopleTextInput

  @Field(() => PeopleTextInput, { nullable: true, description: DESCRIPTION })
  description?: PeopleTextInput | null
}

const { Result, from } = editResultOf<StoredGenre>(() => Genre, {
  name: 'Genre',
  result: 'EditGenreResult',
})
export const EditGenreResult = Result
export const genreResultOf = from
