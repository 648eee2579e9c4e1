import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmPageArgs } from '../films/film-list.args.js'
import type { FilmService } from '../films/film.service.js'
import { FilmConnection } from '../films/film.type.js'
import { Genre } from './genre.type.js'

@Resolver(() => Genre)
export class GenreResolver {
  constructor(private readonly service: FilmService) {}

  @FieldResolver(() => FilmConnection, { nullable: true, description: 'The films of this genre.' })
  async films(
    @Root() { id }: Genre,
    @Args(() => FilmPageArgs) { sort, language, first, after }: FilmPageArgs,
    @Ctx() context: FilmsContext,
  ) {
    const query = { filter: { genreIds: [id] }, sort, language, first, after }
    return FilmConnection.from(await this.service.list(query, context))
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many films of this genre you may see.',
  })
  filmCount(@Root() { id }: Genre, @Ctx() { loaders }: FilmsContext): Promise<number> {
    return loaders.genreFilmCount.load(id)
  }
}
