import { GraphQLDate } from '@cinegraph/kit/graphql/date'
import { Field, ID, InputType, Int } from 'type-graphql'
import { editResultOf } from '../editing/edit-result.type.js'
import { SEEN_VERSION } from '../editing/seen.args.js'
import { PeopleTextInput, SLUG } from '../editing/texts.type.js'
import type { StoredPerson } from './person.repository.js'
import { EARLIEST_DAY, MAX_BIOGRAPHY_LENGTH, MAX_PERSON_NAME_LENGTH } from './person.rules.js'
import { Person } from './person.type.js'

const NAME = `Full name in one language at least, 1 to ${MAX_PERSON_NAME_LENGTH} characters each.`
const BIOGRAPHY = `A life in a few sentences, at most ${MAX_BIOGRAPHY_LENGTH} characters each, in languages in which there is a name.`
const BIRTH = `Day of birth, from ${EARLIEST_DAY} to today.`
const DEATH = `Day of death, from ${EARLIEST_DAY} to today and not before the day of birth.`

@InputType({ description: 'A new person.' })
export class CreatePersonInput {
  @Field(() => String, {
    nullable: true,
    description: `${SLUG} Absent: made of the name, with a number when another has it.`,
  })
  slug?: string | null

  @Field(() => PeopleTextInput, { description: NAME })
  name!: PeopleTextInput

  @Field(() => PeopleTextInput, { nullable: true, description: BIOGRAPHY })
  biography?: PeopleTextInput | null

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
  @Field(() => String, { nullable: true, description: `${SLUG} Cannot be cleared.` })
  slug?: string

  @Field(() => PeopleTextInput, {
    nullable: true,
    description: `${NAME} A language that is removed takes its biography with it. Cannot be cleared.`,
  })
  name?: PeopleTextInput

  @Field(() => PeopleTextInput, { nullable: true, description: BIOGRAPHY })
  biography?: PeopleTextInput | null

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
