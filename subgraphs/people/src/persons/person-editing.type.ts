import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Field, ID, InputType, Int } from 'type-graphql'
import { editResultOf } from '../editing/edit-result.type.js'
import { SEEN_VERSION } from '../editing/seen.args.js'
import { IN_LANGUAGE, KEPT, MADE_SLUG, SLUG } from '../editing/texts.type.js'
import type { StoredPerson } from './person.repository.js'
import { EARLIEST_DAY, MAX_BIOGRAPHY_LENGTH, MAX_PERSON_NAME_LENGTH } from './person.rules.js'
import { Person } from './person.type.js'

const BIRTH = `Day of birth, from ${EARLIEST_DAY} to today.`
const DEATH = `Day of death, from ${EARLIEST_DAY} to today and not before the day of birth.`

@InputType({
  description: 'The texts of a person in one language. Absent: stays as it is.',
})
export class PersonTextsInput {
  @Field(() => String, {
    nullable: true,
    description: `Full name, 1 to ${MAX_PERSON_NAME_LENGTH} characters; needed when the language is new. ${KEPT}`,
  })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description: `A life in a few sentences, at most ${MAX_BIOGRAPHY_LENGTH} characters; null: none.`,
  })
  biography?: string | null
}

@InputType({ description: 'The texts of a person by language; what is absent stays as it is.' })
export class PersonTranslationsInput {
  @Field(() => PersonTextsInput, { nullable: true, description: IN_LANGUAGE.en })
  en?: PersonTextsInput | null

  @Field(() => PersonTextsInput, { nullable: true, description: IN_LANGUAGE.ru })
  ru?: PersonTextsInput | null
}

@InputType({ description: 'A new person.' })
export class CreatePersonInput {
  @Field(() => String, { nullable: true, description: MADE_SLUG })
  slug?: string | null

  @Field(() => PersonTranslationsInput, {
    description: 'Its texts, with a name in one language at least.',
  })
  translations!: PersonTranslationsInput

  @Field(() => GraphQLDate, { nullable: true, description: BIRTH })
  birthDate?: Date | null

  @Field(() => GraphQLDate, { nullable: true, description: DEATH })
  deathDate?: Date | null
}

@InputType({
  description:
    'Changes to a person: what is left out stays as it is, and null clears what may be missing.',
})
export class UpdatePersonInput {
  @Field(() => String, { nullable: true, description: `${SLUG} ${KEPT}` })
  slug?: string | null

  @Field(() => PersonTranslationsInput, {
    nullable: true,
    description: `Its texts; a name in one language has to stay. ${KEPT}`,
  })
  translations?: PersonTranslationsInput | null

  @Field(() => GraphQLDate, { nullable: true, description: BIRTH })
  birthDate?: Date | null

  @Field(() => GraphQLDate, { nullable: true, description: DEATH })
  deathDate?: Date | null
}

@InputType({ description: 'Two persons who are one.' })
export class MergePersonsInput {
  @Field(() => ID, { description: 'The id of the person who stays.' })
  id!: string

  @Field(() => Int, { description: SEEN_VERSION })
  version!: number

  @Field(() => ID, { description: 'The id of the person who goes.' })
  mergedId!: string

  @Field(() => Int, { description: SEEN_VERSION })
  mergedVersion!: number
}

const { Result, from } = editResultOf<StoredPerson>(() => Person, {
  name: 'Person',
  result: 'EditPersonResult',
})
export const EditPersonResult = Result
export const personResultOf = from
