import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { ConnectionArgs, connectionOf } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { StoredGenre } from './genre.repository.js'

export const GenreSort = { NAME: 'NAME', FILM_COUNT: 'FILM_COUNT' } as const
export type GenreSort = (typeof GenreSort)[keyof typeof GenreSort]

registerEnumType(GenreSort, {
  name: 'GenreSort',
  description: 'How genres are ordered.',
  valuesConfig: {
    NAME: { description: 'By name, as the alphabet of the chosen language has it.' },
    FILM_COUNT: {
      description: 'By how many of their films you may see, most first; equals by name.',
    },
  },
})

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
  @Field(() => GenreSort, { defaultValue: GenreSort.NAME, description: 'Order of the list.' })
  sort!: GenreSort

  @Field(() => Language, {
    defaultValue: Language.EN,
    description: 'Language whose alphabet orders the names.',
  })
  language!: Language
}
