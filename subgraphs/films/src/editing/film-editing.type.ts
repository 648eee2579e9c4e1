import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import type { FilmRecord } from '../films/film.record.js'
import { Film } from '../films/film.type.js'

@ObjectType({
  description:
    'Somebody else has edited the film since the version that you saw. Nothing was changed.',
})
export class FilmConflict {
  @Field(() => String, { description: 'What to tell the editor.' })
  message!: string

  @Field(() => Film, { description: 'The film as it is now, with the `version` to send next.' })
  current!: FilmRecord
}

export const EditFilmResult = createUnionType({
  name: 'EditFilmResult',
  description:
    'What came of an edit: the film as it is after it, or a conflict with the edit of somebody else.',
  types: () => [Film, FilmConflict] as const,
  resolveType: (value) => ('current' in value ? FilmConflict : Film),
})

@ObjectType({ description: 'A field of an edit that cannot be taken as it was sent.' })
export class FilmEditFieldProblem {
  @Field(() => [String], {
    description: 'The field: a path within the edit, e.g. `["change", "ageRating"]`.',
  })
  argument!: readonly (string | number)[]

  @Field(() => String, {
    description: 'What is wrong with it, without its name, e.g. `must be between 0 and 21`.',
  })
  message!: string
}

@ObjectType({ description: 'Why one edit of several was not done.' })
export class FilmEditProblem {
  @Field(() => String, {
    description:
      'As the `code` of an error, e.g. BAD_USER_INPUT, NOT_FOUND, SERVICE_UNAVAILABLE. CONFLICT comes with a `film` when the version ' +
      'is not the current one, and without when the edit contradicts the state of the film or takes what another film has.',
  })
  code!: string

  @Field(() => String, { description: 'What to tell the editor.' })
  message!: string

  @Field(() => [String], {
    description:
      'What was wrong with it: a path within the edit, e.g. `["change", "ageRating"]`; may be empty.',
  })
  argument!: readonly (string | number)[]

  @Field(() => [FilmEditFieldProblem], {
    description: 'Each field that is wrong, 20 at most; empty unless the `code` is BAD_USER_INPUT.',
  })
  problems!: readonly FilmEditFieldProblem[]
}

@ObjectType({ description: 'What came of one edit of several.' })
export class FilmEditOutcome {
  @Field(() => ID, { description: 'The id, as it was given.' })
  id!: string

  @Field(() => Film, {
    nullable: true,
    description:
      'The film after the edit, or as it is now when somebody else has edited it; null after another problem.',
  })
  film!: FilmRecord | null

  @Field(() => FilmEditProblem, { nullable: true, description: 'Null when the edit was done.' })
  problem!: FilmEditProblem | null
}
