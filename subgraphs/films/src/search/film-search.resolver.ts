import {
  type FacetBucket,
  FILM_FACETS,
  type FilmFacet,
} from '@cinegraph/engines/search/search-index'
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import type { FilmService } from '../films/film.service.js'
import {
  FacetName,
  FilmFacetCounts,
  FilmSearchArgs,
  FilmSearchConnection,
} from './film-search.type.js'

@Resolver(() => FilmSearchConnection)
export class FilmSearchResolver {
  constructor(private readonly service: FilmService) {}

  @Query(() => FilmSearchConnection, {
    nullable: true,
    description:
      'Films that match a text, with highlights, and with counts by facet for a filter panel.',
  })
  async searchFilms(
    @Args(() => FilmSearchArgs) args: FilmSearchArgs,
    @Ctx() context: FilmsContext,
  ): Promise<FilmSearchConnection> {
    return FilmSearchConnection.from(await this.service.list(args, context))
  }

  @FieldResolver(() => [FilmFacetCounts], {
    description:
      'Counts over all results by property; costs a count for each, so name those that are shown.',
  })
  async facets(
    @Root() { page }: FilmSearchConnection,
    @Arg('names', () => [FacetName], {
      nullable: true,
      description: 'Which properties, answered in this order; all when absent.',
    })
    names: FilmFacet[] | null,
  ): Promise<readonly Readonly<FilmFacetCounts>[]> {
    const asked = [...new Set(names ?? FILM_FACETS)]
    const counts = await page.facets(asked)
    return asked.map((name) => ({ name, buckets: bucketsOf(name, counts.get(name) ?? []) }))
  }
}

const bucketsOf = (facet: FilmFacet, counted: readonly FacetBucket[]) =>
  counted.map(({ value, count }) => ({
    value,
    count,
    genre: facet === 'GENRE' ? { id: value } : null,
  }))
