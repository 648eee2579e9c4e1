import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { Credit } from '../credits/credit.type.js'
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { editResultOf } from '../editing/edit-result.type.js'
import { SEEN_VERSION } from '../editing/seen.args.js'
import type { FilmReference } from './film.reference.js'
import { Film } from './film.type.js'
import { MAX_CHARACTER_LENGTH, MAX_CREDITS, MAX_GENRES } from './film-links.rules.js'
import type { FilmLinksState } from './film-links-state.repository.js'

@ObjectType({
  description:
    'Genres and credits of a film at one moment, whole, as an edit starts from them. For editors.',
})
export class FilmLinks {
  @Field(() => Film, {
    nullable: true,
    description: 'The film, with all that is known of it; null only together with an error.',
  })
  film!: FilmReference | null

  @Field(() => Int, {
    description:
      'To be given with the next edit: rises by one with every edit; 0 before the first.',
  })
  version!: number

  @Field(() => [ID], { description: 'The ids of all its genres, the most fitting first.' })
  genreIds!: readonly string[]

  @Field(() => [Credit], {
    description: `All its credits in billing order, at most ${MAX_CREDITS}.`,
  })
  credits!: readonly Credit[]
}

@ArgsType()
export class SeenLinksArgs {
  @Field(() => ID, { description: 'The id of the film.' })
  filmId!: string

  @Field(() => Int, { description: `That of its \`links\`. ${SEEN_VERSION}` })
  version!: number
}

@InputType({ description: 'What one person did for a film.' })
export class CreditInput {
  @Field(() => ID, { description: 'The id of the person.' })
  personId!: string

  @Field(() => CreditRole, { description: 'What the person did.' })
  role!: CreditRole

  @Field(() => String, {
    nullable: true,
    description: `Whom an actor plays, 1 to ${MAX_CHARACTER_LENGTH} characters; nothing for other roles.`,
  })
  character?: string | null
}

@InputType({
  description:
    'Genres and credits of a film. A list that is left out stays as it is; null is an empty one.',
})
export class FilmLinksInput {
  @Field(() => [ID], {
    nullable: true,
    description: `The ids of all its genres, the most fitting first: at most ${MAX_GENRES}, each once.`,
  })
  genreIds?: string[] | null

  @Field(() => [CreditInput], {
    nullable: true,
    description: `All its credits in billing order: at most ${MAX_CREDITS}, each once. One that says what an old one says keeps its id.`,
  })
  credits?: CreditInput[] | null
}

const { Result, from } = editResultOf<FilmLinksState>(() => FilmLinks, {
  name: 'FilmLinks',
  result: 'SetFilmLinksResult',
})
export const SetFilmLinksResult = Result
export const filmLinksResultOf = from
