import {
  FILM_FACETS,
  type FilmFacet,
  type Highlight as IndexHighlight,
} from '@cinegraph/engines/search/search-index'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { PageInfo, pageInfoOf } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { FilmListArgs } from '../films/film-list.args.js'
import type { FilmRecord } from '../films/film.record.js'
import { type FilmEdge, type FilmPage, MAX_TEXT_LENGTH } from '../films/film.service.js'
import { Film } from '../films/film.type.js'
import { Genre } from '../genres/genre.type.js'

const HighlightedField = {
  TITLE: 'TITLE',
  ORIGINAL_TITLE: 'ORIGINAL_TITLE',
  PERSON: 'PERSON',
  DESCRIPTION: 'DESCRIPTION',
} as const satisfies { [F in IndexHighlight['field']]: F }

registerEnumType(HighlightedField, {
  name: 'HighlightedField',
  description: 'Where a search matched.',
  valuesConfig: {
    TITLE: { description: 'The title.' },
    ORIGINAL_TITLE: { description: 'The original title.' },
    PERSON: { description: 'The name of a person who took part.' },
    DESCRIPTION: { description: 'The description.' },
  },
})

export const FacetName = Object.fromEntries(FILM_FACETS.map((name) => [name, name])) as {
  [F in FilmFacet]: F
}

registerEnumType(FacetName, {
  name: 'FilmFacetName',
  description: 'What films can be counted by.',
  valuesConfig: {
    GENRE: { description: 'Genre; the values are genre ids.' },
    TYPE: { description: 'Type; the values are those of FilmType.' },
    YEAR: { description: 'Year of release, e.g. `1927`.' },
    AGE_RATING: { description: 'Age rating in years, e.g. `16`.' },
    COUNTRY: { description: 'Country, an ISO 3166-1 alpha-2 code.' },
    RATING: {
      description: 'External rating in whole points: `7` counts those from 7 to below 8.',
    },
  },
})

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A piece of text, which matched the search or stands beside what did.' })
export class HighlightFragment {
  @Field(() => String, { description: 'Plain text: escape it before use as HTML.' })
  text!: string

  @Field(() => Boolean, { description: 'Whether it matched and is to be emphasised.' })
  matched!: boolean
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'Why a film was found: the part of a field that matched.' })
export class Highlight {
  @Field(() => HighlightedField, { description: 'The field that matched.' })
  field!: IndexHighlight['field']

  @Field(() => [HighlightFragment], {
    description: 'The text around the match, in order; join it as it is.',
  })
  fragments!: readonly HighlightFragment[]
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A value and the films that have it.' })
export class FilmFacetBucket {
  @Field(() => String, { description: 'The value, to be used in a FilmFilter.' })
  value!: string

  @Field(() => Int, { description: 'How many films have it.' })
  count!: number

  @Field(() => Genre, {
    nullable: true,
    description: 'The genre, in the facet GENRE; null in every other.',
  })
  genre!: { readonly id: string } | null
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({
  description:
    'Films counted by one property, under the search and filter but without its own part of the filter.',
})
export class FilmFacetCounts {
  @Field(() => FacetName, { description: 'The property.' })
  name!: FilmFacet

  @Field(() => [FilmFacetBucket], { description: 'Most frequent value first.' })
  buckets!: readonly Readonly<FilmFacetBucket>[]
}

@CacheControl({ inheritMaxAge: true })
@ObjectType({ description: 'A film that was found, with its cursor.' })
export class FilmSearchEdge {
  @Field(() => Film, { description: 'The film.' })
  node!: FilmRecord

  @Field(() => String, { description: 'Opaque position of this film among the results.' })
  cursor!: string

  @Field(() => [Highlight], {
    description: 'What matched, best field first; empty without a text.',
  })
  highlights!: readonly Highlight[]
}

@CacheControl({ maxAge: 30 })
@ObjectType({ description: 'A page of found films (Relay), with counts for a filter panel.' })
export class FilmSearchConnection {
  @Field(() => [FilmSearchEdge], { description: 'The films of this page, in order.' })
  edges!: readonly FilmEdge[]

  @Field(() => PageInfo, { description: 'Where this page stands among the results.' })
  pageInfo!: PageInfo

  @Field(() => String, {
    nullable: true,
    description:
      'What the text was read as, in lower case, when not as it was typed: show "results for ...". Null when it was read as typed, and when nothing was found.',
  })
  didYouMean!: string | null

  page!: FilmPage

  @Field(() => Int, {
    description: 'Exact number of films found; costs a count, so ask only when it is shown.',
  })
  totalCount(): Promise<number> {
    return this.page.count()
  }

  static from(page: FilmPage): FilmSearchConnection {
    return Object.assign(new FilmSearchConnection(), {
      page,
      edges: page.edges,
      didYouMean: page.didYouMean,
      pageInfo: pageInfoOf(page),
    })
  }
}

@ArgsType()
export class FilmSearchArgs extends FilmListArgs {
  @Field(() => String, {
    description: `What to look for in titles, persons and descriptions, ${MAX_TEXT_LENGTH} characters at most; empty finds every film. Typos, missing accents, a wrong keyboard layout and Russian in Latin letters are forgiven; words in quotation marks stand together; a year is one of the title or of the release.`,
  })
  text!: string
}
