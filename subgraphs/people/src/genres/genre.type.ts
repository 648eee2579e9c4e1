import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { ConnectionArgs, connectionOf } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Directive, Field, ID, ObjectType } from 'type-graphql'
import type { StoredGenre } from './genre.repository.js'

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 30 })
@ObjectType({ description: 'A kind of film, such as comedy.' })
export class Genre {
  @Field(() => ID, { description: 'Stable identifier, a UUID.' })
  id!: string

  @Field(() => String, { description: 'Readable identifier for addresses of pages.' })
  slug!: string
}

export const GenreConnection = connectionOf<StoredGenre>(() => Genre, 'Genre')

@ArgsType()
export class GenresArgs extends ConnectionArgs {
  @Field(() => Language, {
    defaultValue: Language.EN,
    description: 'Language whose alphabet orders the names.',
  })
  language!: Language
}
