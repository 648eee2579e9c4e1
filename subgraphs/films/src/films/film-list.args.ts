import { CREDIT_ROLE_ENUM, CreditRole } from '@cinegraph/engines/search/credit-role'
import { Language } from '@cinegraph/kit/graphql/language'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, Float, ID, InputType, Int, registerEnumType } from 'type-graphql'
import { FILTER_LIMITS } from './film-filter.js'
import { FilmStatus, FilmType } from './film.record.js'
import './film-status.type.js'
import { FilmSortField, LAST_SEED, SortDirection } from './film-sort.js'

const { values, persons, firstYear, lastYear, seasons } = FILTER_LIMITS

registerEnumType(CreditRole, CREDIT_ROLE_ENUM)

registerEnumType(FilmSortField, {
  name: 'FilmSortField',
  description: 'What films can be sorted by. Films without a value come last in both directions.',
  valuesConfig: {
    RELEVANCE: {
      description:
        'Best match of the searched text first; without a text newest first. Takes no direction.',
    },
    TITLE: { description: 'Alphabetically by the title in `language`.' },
    RELEASE_DATE: { description: 'By the day of the first showing.' },
    EXTERNAL_RATING: { description: 'By the rating outside of this service.' },
    RANDOM: { description: 'Shuffled by `seed`: the same seed gives the same order.' },
  },
})

registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'The direction of a sorted list.',
  valuesConfig: {
    ASC: { description: 'Smallest, earliest or alphabetically first comes first.' },
    DESC: { description: 'Largest, latest or alphabetically last comes first.' },
  },
})

@InputType({ description: 'The order of a list of films.' })
export class FilmSort {
  @Field(() => FilmSortField, { description: 'What to sort by.' })
  field!: FilmSortField

  @Field(() => SortDirection, {
    defaultValue: SortDirection.ASC,
    description: 'Which end comes first.',
  })
  direction!: SortDirection

  @Field(() => Int, {
    nullable: true,
    description: `For RANDOM, which needs it: 0 to ${LAST_SEED}. Draw one for each viewer and keep it while they page.`,
  })
  seed?: number | null
}

@InputType({ description: 'A person who took part in a film.' })
export class FilmPersonFilter {
  @Field(() => ID, { description: 'The id of the person.' })
  id!: string

  @Field(() => CreditRole, {
    nullable: true,
    description: 'What the person did for the film; anything when absent.',
  })
  role?: CreditRole | null
}

@InputType({
  description:
    'Which films to list. A film must meet every condition given; null or an empty list is no condition.',
})
export class FilmFilter {
  @Field(() => [ID], {
    nullable: true,
    description: `Has at least one of these genres, ${values} at most.`,
  })
  genreIds?: string[] | null

  @Field(() => [ID], {
    nullable: true,
    description: `Has every one of these genres, ${values} at most.`,
  })
  allGenreIds?: string[] | null

  @Field(() => [ID], {
    nullable: true,
    description: `Has none of these genres, ${values} at most.`,
  })
  excludedGenreIds?: string[] | null

  @Field(() => [FilmStatus], {
    nullable: true,
    description:
      'Is in one of these states. For those who may see hidden films (`films:read-hidden` or `films:write`); FORBIDDEN for all others.',
  })
  statuses?: FilmStatus[] | null

  @Field(() => [FilmType], { nullable: true, description: 'Is of one of these types.' })
  types?: FilmType[] | null

  @Field(() => Int, {
    nullable: true,
    description: `Was released in this year or later, ${firstYear} to ${lastYear}.`,
  })
  yearFrom?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Was released in this year or earlier, ${firstYear} to ${lastYear}.`,
  })
  yearTo?: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Has this external rating or a higher one, 0 to 10; films without a rating are left out.',
  })
  ratingFrom?: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Has this external rating or a lower one, 0 to 10; films without a rating are left out.',
  })
  ratingTo?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Has this many seasons or more, 0 to ${seasons}, its specials not counted; movies are left out.`,
  })
  seasonsFrom?: number | null

  @Field(() => Int, {
    nullable: true,
    description: `Has this many seasons or fewer, 0 to ${seasons}, its specials not counted; movies are left out.`,
  })
  seasonsTo?: number | null

  @Field(() => [Int], {
    nullable: true,
    description: `Has one of these age ratings, ${values} at most, each 0 to 21.`,
  })
  ageRatings?: number[] | null

  @Field(() => Int, {
    nullable: true,
    description: 'Has this age rating or a lower one, 0 to 21: suitable for those of this age.',
  })
  ageRatingTo?: number | null

  @Field(() => [String], {
    nullable: true,
    description: `Was made in at least one of these countries: ISO 3166-1 alpha-2 codes, ${values} at most.`,
  })
  countries?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description: `Was made in none of these countries: ISO 3166-1 alpha-2 codes, ${values} at most.`,
  })
  excludedCountries?: string[] | null

  @Field(() => [FilmPersonFilter], {
    nullable: true,
    description: `Every one of these persons took part in it, in the role given if any; ${persons} at most.`,
  })
  persons?: FilmPersonFilter[] | null
}

@ArgsType()
export class FilmPageArgs extends ConnectionArgs {
  @Field(() => FilmSort, {
    nullable: true,
    description:
      'Their order. When absent: newest first; in `searchFilms`, with a text, best match first.',
  })
  sort?: FilmSort | null

  @Field(() => Language, {
    defaultValue: Language.EN,
    description: 'The language whose titles are sorted by; in `searchFilms` also that of the text.',
  })
  language!: Language
}

@ArgsType()
export class FilmListArgs extends FilmPageArgs {
  @Field(() => FilmFilter, { nullable: true, description: 'Which films; all when absent.' })
  filter?: FilmFilter | null
}
