import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Field, ID, InputType, Int } from 'type-graphql'
import { FILM_LIMITS as LIMITS } from './film.rules.js'

const CLEARED = 'Absent: stays as it is; null: none.'

@InputType({
  description: 'The texts of a season or an episode in one language. Absent: stays as it is.',
})
export class SeasonTextsInput {
  @Field(() => String, {
    nullable: true,
    description: `Its title, 1 to ${LIMITS.title} characters; needed when the language is new; null is refused.`,
  })
  title?: string | null

  @Field(() => String, {
    nullable: true,
    description: `What it is about, in plain text, up to ${LIMITS.description} characters; null: none.`,
  })
  description?: string | null
}

@InputType({
  description: 'The texts of a season or an episode by language; what is absent stays as it is.',
})
export class SeasonTranslationsInput {
  @Field(() => SeasonTextsInput, { nullable: true, description: 'In English; null removes them.' })
  en?: SeasonTextsInput | null

  @Field(() => SeasonTextsInput, { nullable: true, description: 'In Russian; null removes them.' })
  ru?: SeasonTextsInput | null
}

@InputType()
abstract class PartInput {
  @Field(() => SeasonTranslationsInput, {
    nullable: true,
    description: 'Its texts. Absent: stay as they are; null is refused.',
  })
  translations?: SeasonTranslationsInput | null

  @Field(() => GraphQLDate, {
    nullable: true,
    description: `The day of its first showing. ${CLEARED}`,
  })
  releaseDate?: Date | null
}

@InputType({ description: 'An episode of a season that is saved.' })
export class EpisodeInput extends PartInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'The id of an episode that is there already, to give it another number. Absent: it is known by its number.',
  })
  id?: string | null

  @Field(() => Int, { description: `Its number within the season, 0 to ${LIMITS.episode}.` })
  number!: number

  @Field(() => Int, {
    nullable: true,
    description: `Its length in minutes, 1 to ${LIMITS.runtimeMinutes}. ${CLEARED}`,
  })
  runtimeMinutes?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Seconds from the beginning at which the closing credits start, within its length. ${CLEARED}`,
  })
  creditsStartSec?: number | null
}

@InputType({ description: 'A season with all of its episodes.' })
export class SeasonInput extends PartInput {
  @Field(() => Int, {
    description: `Its number, by which it is known, 0 to ${LIMITS.season}; 0 is that of the specials.`,
  })
  number!: number

  @Field(() => [EpisodeInput], {
    description: `All of its episodes: one that is there and not among them is deleted. All seasons of a film have ${LIMITS.episodesOfFilm} at most.`,
  })
  episodes!: EpisodeInput[]
}
