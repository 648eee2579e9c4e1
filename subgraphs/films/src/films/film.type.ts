import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type FilmRecord, FilmType } from './film.record.js'

registerEnumType(FilmType, {
  name: 'FilmType',
  description: 'What kind of work a film is.',
  valuesConfig: {
    MOVIE: { description: 'A single film of any length.' },
    TV_SHOW: { description: 'A series.' },
  },
})

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType('Film', { description: 'A film or a series of the catalogue.' })
export class Film {
  @Field(() => ID, { description: 'Its identifier, a UUID that never changes.' })
  id!: string

  @Field(() => String, { description: 'Its name in URLs: lower-case, unique, may change.' })
  slug!: string

  @Field(() => FilmType, { description: 'Whether it is a movie or a series.' })
  type!: FilmType

  @Field(() => String, { description: 'Its title in its original language.' })
  originalTitle!: string

  @Field(() => String, { description: 'The language it was made in, ISO 639-1, e.g. `fr`.' })
  originalLanguage!: string

  @Field(() => GraphQLDate, {
    nullable: true,
    description: 'The day it was first shown to the public; null when only the year is known.',
  })
  releaseDate!: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'The year of its first showing; null when unknown.',
  })
  releaseYear!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Its length in minutes, of one episode for a series; null when unknown.',
  })
  runtimeMinutes!: number | null

  @Field(() => Int, {
    description: 'The age from which it is suitable, in years; 0 is for everyone.',
  })
  ageRating!: number

  @Field(() => [String], { description: 'Where it was made: ISO 3166-1 alpha-2 codes, e.g. `FR`.' })
  countries!: readonly string[]

  @Field(() => Float, {
    nullable: true,
    description: 'Its rating outside of this service, 0 to 10; null when it has none.',
  })
  externalRating!: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds from the beginning at which the closing credits start; null when unknown.',
  })
  creditsStartSec!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'The role that a viewer needs to play it; null when everyone may.',
  })
  requiredRole!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'An https URL of its trailer; null when it has none.',
  })
  trailerUrl!: string | null
}

@CacheControl({ inheritMaxAge: true })
@ObjectType('FilmExternalId', { description: 'What another catalogue calls a film.' })
export class FilmExternalId {
  @Field(() => String, { description: 'The catalogue, in lower case, e.g. `imdb`.' })
  source!: string

  @Field(() => String, { description: 'The id of the film there, e.g. `tt0017136`.' })
  value!: string
}

export const FilmConnection = connectionOf<FilmRecord>(() => Film, 'Film')
