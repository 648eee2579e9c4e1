import { MOST_SEEDS } from '@cinegraph/engines/search/search-index'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { ConnectionArgs, PageInfo, pageInfoOf } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { FilmRecord } from '../films/film.record.js'
import { Film } from '../films/film.type.js'
import { Genre } from '../genres/genre.type.js'
import { Person } from '../people/person.type.js'
import { RecommendationReasonKind } from './reason-kind.js'
import type { Reason } from './reason.js'
import type { Recommendation, RecommendationPage } from './recommendation.service.js'

registerEnumType(RecommendationReasonKind, {
  name: 'RecommendationReasonKind',
  description:
    'Why a film is recommended. There will be more kinds: show `text` for one that you do not know.',
  valuesConfig: {
    SAME_DIRECTOR: { description: 'The same director; `persons` says who.' },
    SAME_WRITER: { description: 'The same writer; `persons` says who.' },
    SAME_CAST: {
      description: 'The same actors; `persons` says who, the first in the billing first.',
    },
    SAME_COMPOSER: { description: 'The same composer; `persons` says who.' },
    SAME_PRODUCER: { description: 'The same producer; `persons` says who.' },
    SHARED_GENRES: {
      description: 'The same genres, `genres` of `genreCount`; `genres` begins with the rarest.',
    },
    BEST_RATED: {
      description: 'It has one of the highest external ratings: nothing better is known of you.',
    },
  },
})

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'Why a film is recommended.' })
export class RecommendationReason {
  @Field(() => RecommendationReasonKind, { description: 'What kind of reason it is.' })
  kind!: RecommendationReasonKind

  @Field(() => Film, {
    nullable: true,
    description:
      'The film of `basedOn` that it is like. Null in `Film.similar`, where it is that film, and for BEST_RATED.',
  })
  film!: FilmRecord | null

  @Field(() => [Person], {
    nullable: 'items',
    description:
      'Who took part in both, of SAME_DIRECTOR and the like; null for one who has just been removed.',
  })
  persons!: readonly { readonly id: string }[]

  @Field(() => [Genre], {
    nullable: 'items',
    description: 'What both are, of SHARED_GENRES; null for one that has just been removed.',
  })
  genres!: readonly { readonly id: string }[]

  @Field(() => Int, {
    nullable: true,
    description:
      'How many genres the film has that it is like: "3 of 4" is three `genres` and this. Null for other kinds.',
  })
  genreCount!: number | null
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A recommended film, with the reasons and its cursor.' })
export class RecommendationEdge {
  @Field(() => Film, { description: 'The film.' })
  node!: FilmRecord

  @Field(() => String, { description: 'Opaque position of this film in the list.' })
  cursor!: string

  all!: readonly Reason[]
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({
  description:
    'A page of recommended films, best first (Relay). The list ends after the likeliest hundreds.',
})
export class RecommendationConnection {
  @Field(() => [RecommendationEdge], { description: 'The films of this page, in order.' })
  edges!: readonly RecommendationEdge[]

  @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
  pageInfo!: PageInfo

  count!: () => Promise<number>

  @Field(() => Int, {
    description: 'Exact number of films in the whole list; ask only when it is shown.',
  })
  totalCount(): Promise<number> {
    return this.count()
  }

  static from(page: RecommendationPage): RecommendationConnection {
    return Object.assign(new RecommendationConnection(), {
      count: page.count,
      edges: page.edges.map(edgeOf),
      pageInfo: pageInfoOf(page),
    })
  }
}

const edgeOf = ({ node, cursor, reasons }: Recommendation): RecommendationEdge =>
  Object.assign(new RecommendationEdge(), { node, cursor, all: reasons })

@ArgsType()
export class RecommendedFilmsArgs extends ConnectionArgs {
  @Field(() => [ID], {
    nullable: true,
    description: `Films that you liked or watched, ${MOST_SEEDS} at most, as of the history on this device: what is recommended is like them, and is none of them. Send the same for every page. Ids of no film count for nothing. When absent or empty: the films with the highest external rating.`,
  })
  basedOn?: string[] | null
}
