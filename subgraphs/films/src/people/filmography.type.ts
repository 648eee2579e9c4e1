import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { PageInfo, pageInfoOf } from '@cinegraph/kit/graphql/pagination'
import type { Page } from '@cinegraph/kit/pagination'
import { Field, Int, ObjectType } from 'type-graphql'
import type { FilmRecord } from '../films/film.record.js'
import { Film } from '../films/film.type.js'

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A role of a person, for a tab of a filmography.' })
export class PersonRole {
  @Field(() => CreditRole, { description: 'What the person did.' })
  role!: CreditRole

  @Field(() => Int, { description: 'For how many of the films that you may see, 1 or more.' })
  filmCount!: number
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'What a person did for a film, in one role.' })
export class FilmographyCredit {
  @Field(() => CreditRole, { description: 'The role.' })
  role!: CreditRole

  @Field(() => [String], {
    description: 'Whom an actor plays, in billing order; empty for other roles and when unknown.',
  })
  characters!: readonly string[]
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A film of a person, with its cursor and with what the person did.' })
export class FilmographyEdge {
  @Field(() => Film, { description: 'The film.' })
  node!: FilmRecord

  @Field(() => String, { description: 'Opaque position of this film in the list.' })
  cursor!: string

  personId!: string
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A page of the films of a person (Relay).' })
export class FilmographyConnection {
  @Field(() => [FilmographyEdge], { description: 'The films of this page, in order.' })
  edges!: readonly FilmographyEdge[]

  @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
  pageInfo!: PageInfo

  count!: () => Promise<number>

  @Field(() => Int, {
    description:
      'Exact number of films in the whole list; costs a count, so ask only when it is shown.',
  })
  totalCount(): Promise<number> {
    return this.count()
  }

  static from(personId: string, page: Page<FilmRecord>): FilmographyConnection {
    return Object.assign(new FilmographyConnection(), {
      edges: page.edges.map((edge) => ({ ...edge, personId })),
      count: page.count,
      pageInfo: pageInfoOf(page),
    })
  }
}
