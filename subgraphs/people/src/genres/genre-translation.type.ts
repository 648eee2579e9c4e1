import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { Field, ObjectType } from 'type-graphql'

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'The texts of a genre in one language.' })
export class GenreTranslation {
  @Field(() => Language, { description: 'The language.' })
  language!: Language

  @Field(() => String, { description: 'The name.' })
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'What to expect of such films; null when nobody wrote it.',
  })
  description!: string | null
}
