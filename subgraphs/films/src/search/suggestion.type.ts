import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { ArgsType, createUnionType, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Film } from '../films/film.type.js'
import { Genre } from '../genres/genre.type.js'
import { Person } from '../people/person.type.js'
import { type SuggestedEntity, SuggestionKind, SUGGEST_LIMITS } from './suggestion.service.js'

registerEnumType(SuggestionKind, {
  name: 'SuggestionKind',
  description: 'What a suggestion leads to.',
  valuesConfig: {
    FILM: { description: 'A film.' },
    PERSON: { description: 'A person.' },
    GENRE: { description: 'A genre.' },
  },
})

const SuggestedEntityUnion = createUnionType({
  name: 'SuggestedEntity',
  description: 'What a suggestion leads to.',
  types: () => [Film, Person, Genre] as const,
  resolveType: (entity) => (entity as unknown as SuggestedEntity).__typename,
})

@CacheControl({ maxAge: 30 })
@ObjectType({ description: 'A completion of what somebody is typing.' })
export class Suggestion {
  @Field(() => SuggestionKind, { description: 'What it leads to, without asking for `entity`.' })
  kind!: SuggestionKind

  @Field(() => String, { description: 'The completed title or name, in the language asked for.' })
  text!: string

  @CacheControl({ maxAge: 30 })
  @Field(() => SuggestedEntityUnion, {
    nullable: true,
    description: 'The film, person or genre itself; null when it has just been removed.',
  })
  entity!: SuggestedEntity
}

@ArgsType()
export class SuggestArgs {
  @Field(() => String, {
    description: `What was typed so far, ${SUGGEST_LIMITS.prefix} characters at most; nothing is suggested for an empty one.`,
  })
  prefix!: string

  @Field(() => Language, {
    defaultValue: Language.EN,
    description: 'The language of the suggestions; what is typed may be in any.',
  })
  language!: Language

  @Field(() => Int, {
    defaultValue: SUGGEST_LIMITS.default,
    description: `How many at most, over all kinds together, 1 to ${SUGGEST_LIMITS.most}.`,
  })
  limit!: number
}
