import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { Field, ObjectType } from 'type-graphql'

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'The texts of a person in one language.' })
export class PersonTranslation {
  @Field(() => Language, { description: 'The language.' })
  language!: Language

  @Field(() => String, { description: 'Full name.' })
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'A life in a few sentences; null when nobody wrote it.',
  })
  biography!: string | null
}
