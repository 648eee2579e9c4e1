import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql'
import { FilmType } from '../films/film.record.js'
import { FilmAction } from './film-moves.js'
import { FILM_LIMITS as LIMITS } from './film.rules.js'
import { SeasonTextsInput } from './season.input.js'

const CLEARED = 'Null: none.'
const YEARS = `${LIMITS.firstYear} to ${LIMITS.lastYear}`

@InputType({ description: 'The texts of a film in one language. Absent: stays as it is.' })
export class FilmTextsInput extends SeasonTextsInput {
  @Field(() => String, {
    nullable: true,
    description: `The line on its poster, up to ${LIMITS.tagline} characters; null: none.`,
  })
  tagline?: string | null
}

@InputType({ description: 'The texts of a film by language; what is absent stays as it is.' })
export class FilmTranslationsInput {
  @Field(() => FilmTextsInput, { nullable: true, description: 'In English; null removes them.' })
  en?: FilmTextsInput | null

  @Field(() => FilmTextsInput, { nullable: true, description: 'In Russian; null removes them.' })
  ru?: FilmTextsInput | null
}

@InputType({ description: 'What another catalogue calls a film.' })
export class ExternalIdInput {
  @Field(() => String, {
    description: `The catalogue, in lower case, up to ${LIMITS.source} characters, e.g. \`imdb\`.`,
  })
  source!: string

  @Field(() => String, {
    description: `The id of the film there, up to ${LIMITS.value} characters, e.g. \`tt0017136\`. No other film has it.`,
  })
  value!: string
}

@InputType({
  description:
    'A change of a film: what is absent stays as it is, null clears what a film can be without. What it cannot be without is ' +
    'refused with BAD_USER_INPUT when it is null.',
})
export class UpdateFilmInput {
  @Field(() => String, {
    nullable: true,
    description: `Its name in URLs: lower-case Latin letters, digits and hyphens, up to 100, unique.`,
  })
  slug?: string | null

  @Field(() => FilmType, {
    nullable: true,
    description: `A series with seasons cannot become a movie.`,
  })
  type?: FilmType | null

  @Field(() => FilmTranslationsInput, {
    nullable: true,
    description: `Its texts; one language has to stay.`,
  })
  translations?: FilmTranslationsInput | null

  @Field(() => String, {
    nullable: true,
    description: `Its title in its original language, 1 to ${LIMITS.title} characters.`,
  })
  originalTitle?: string | null

  @Field(() => String, {
    nullable: true,
    description: `The language it was made in, ISO 639-1, e.g. \`fr\`.`,
  })
  originalLanguage?: string | null

  @Field(() => GraphQLDate, {
    nullable: true,
    description: `The day of its first showing; \`releaseYear\` follows. ${YEARS}. ${CLEARED}`,
  })
  releaseDate?: Date | null

  @Field(() => Int, {
    nullable: true,
    description: `The year of its first showing, for when the day is unknown. ${YEARS}. ${CLEARED}`,
  })
  releaseYear?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Its length in minutes, of one episode for a series, 1 to ${LIMITS.runtimeMinutes}. ${CLEARED}`,
  })
  runtimeMinutes?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `The age from which it is suitable, 0 to ${LIMITS.ageRating}.`,
  })
  ageRating?: number | null

  @Field(() => [String], {
    nullable: true,
    description: `Where it was made: up to ${LIMITS.countries} ISO 3166-1 alpha-2 codes, e.g. \`FR\`. Replaces those there are. ${CLEARED}`,
  })
  countries?: string[] | null

  @Field(() => Float, {
    nullable: true,
    description: `Its rating outside of this service, 0 to ${LIMITS.externalRating}. ${CLEARED}`,
  })
  externalRating?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Seconds from the beginning at which the closing credits start, within its length. ${CLEARED}`,
  })
  creditsStartSec?: number | null

  @Field(() => String, { nullable: true, description: `An https URL of its trailer. ${CLEARED}` })
  trailerUrl?: string | null

  @Field(() => String, {
    nullable: true,
    description: `The role that a viewer needs to play it. ${CLEARED}`,
  })
  requiredRole?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: `True to hide it from those without \`requiredRole\`.`,
  })
  hiddenWithoutRole?: boolean | null

  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: `What other catalogues call it, up to ${LIMITS.externalIds}. Replaces those there are. ${CLEARED}`,
  })
  externalIds?: ExternalIdInput[] | null
}

@InputType({ description: 'A new film; null is as good as absent.' })
export class CreateFilmInput extends UpdateFilmInput {
  @Field(() => FilmType, { description: 'Whether it is a movie or a series.' })
  declare type: FilmType

  @Field(() => FilmTranslationsInput, {
    description: 'Its texts, in one language at least. Of these a slug is made when none is given.',
  })
  declare translations: FilmTranslationsInput

  @Field(() => String, { description: 'The language it was made in, ISO 639-1, e.g. `fr`.' })
  declare originalLanguage: string

  @Field(() => Int, {
    description: `The age from which it is suitable, 0 to ${LIMITS.ageRating}; 0 is for everyone.`,
  })
  declare ageRating: number
}

registerEnumType(FilmAction, {
  name: 'FilmAction',
  description: 'What can be done to a film besides changing its fields.',
  valuesConfig: {
    PUBLISH: { description: 'As `publishFilm`.' },
    UNPUBLISH: { description: 'As `unpublishFilm`.' },
    ARCHIVE: { description: 'As `archiveFilm`.' },
    RESTORE: { description: 'As `restoreFilm`.' },
    DELETE: { description: 'As `deleteFilm`.' },
  },
})

@InputType({
  description: 'An edit of one film: a change, an action, or the change and then the action.',
})
export class FilmEditInput {
  @Field(() => ID, { description: 'The id of the film.' })
  id!: string

  @Field(() => Int, { description: 'The `version` of it that you saw.' })
  version!: number

  @Field(() => UpdateFilmInput, { nullable: true, description: 'What is to change.' })
  change?: UpdateFilmInput | null

  @Field(() => FilmAction, { nullable: true, description: 'What is to be done.' })
  action?: FilmAction | null
}
