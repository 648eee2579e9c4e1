import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs, connectionOf } from '@cinegraph/kit/graphql/pagination'
import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Language } from '@cinegraph/kit/graphql/language'
import { ArgsType, Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { StoredPerson } from './person.repository.js'

export const PersonSort = {
  NAME: 'NAME',
  RELEVANCE: 'RELEVANCE',
  FILM_COUNT: 'FILM_COUNT',
} as const
export type PersonSort = (typeof PersonSort)[keyof typeof PersonSort]

registerEnumType(PersonSort, {
  name: 'PersonSort',
  description: 'How persons are ordered.',
  valuesConfig: {
    NAME: { description: 'By name, as the alphabet of the chosen language has it.' },
    FILM_COUNT: { description: 'By how many of their films you may see, most first.' },
    RELEVANCE: { description: 'Best match of `text` first; without `text` the same as NAME.' },
  },
})

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType({ description: 'Someone who took part in making films.' })
export class Person {
  @Field(() => ID, { description: 'Stable identifier, a UUID.' })
  id!: string

  @Field(() => String, { description: 'Readable identifier for addresses of pages.' })
  slug!: string

  @Field(() => GraphQLDate, { nullable: true, description: 'Day of birth; null when unknown.' })
  birthDate!: string | null

  @Field(() => GraphQLDate, {
    nullable: true,
    description: 'Day of death; null for the living and when unknown.',
  })
  deathDate!: string | null
}

export const PersonConnection = connectionOf<StoredPerson>(() => Person, 'Person')

@ArgsType()
export class PersonsArgs extends ConnectionArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'A name or a part of one, at most 200 characters; typos, diacritics, a wrong keyboard layout and the other script are forgiven. Absent or blank: everyone.',
  })
  text?: string | null

  @Field(() => PersonSort, {
    defaultValue: PersonSort.RELEVANCE,
    description: 'Order of the list.',
  })
  sort!: PersonSort

  @Field(() => Language, {
    defaultValue: Language.EN,
    description: 'Language in which names are ordered.',
  })
  language!: Language
}
