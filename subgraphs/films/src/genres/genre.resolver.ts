import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmPageArgs } from '../films/film-list.args.js'
import { countedBy, type FilmService } from '../films/film.service.js'
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
    const page = await this.service.list(query, context)
    return FilmConnection.from(countedBy(page, () => context.loaders.genreFilmCount.load(id)))
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many films of this genre you may see.',
  })
  filmCount(@Root() { id }: Genre, @Ctx() { loaders }: FilmsContext): Promise<number> {
    return loaders.genreFilmCount.load(id)
  }
}
