import { Field, InputType } from 'type-graphql'

@InputType({
  description:
    'A text of a person or a genre by language. In an edit a language that is left out stays as it is, and null removes it.',
})
export class PeopleTextInput {
  @Field(() => String, { nullable: true, description: 'In English.' })
  en?: string | null

  @Field(() => String, { nullable: true, description: 'In Russian.' })
  ru?: string | null
}

export const SLUG =
  'Readable identifier for addresses of pages: at most 100 lower-case Latin letters and digits, with hyphens between words.'
export const WRITING = 'Needs the permission `people:write`.'
