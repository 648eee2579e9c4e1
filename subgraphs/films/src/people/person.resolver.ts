import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmPageArgs } from '../films/film-list.args.js'
import type { FilmService } from '../films/film.service.js'
import { FilmConnection } from '../films/film.type.js'
import { Person } from './person.type.js'

@ArgsType()
class FilmographyArgs extends FilmPageArgs {
  @Field(() => CreditRole, {
    nullable: true,
    description: 'Only films for which the person did this; any role when absent.',
  })
  role?: CreditRole | null
}

@Resolver(() => Person)
export class PersonResolver {
  constructor(private readonly service: FilmService) {}

  @FieldResolver(() => FilmConnection, {
    nullable: true,
    description: 'The films that the person took part in, each once.',
  })
  async films(
    @Root() { id }: Person,
    @Args(() => FilmographyArgs) { role, sort, language, first, after }: FilmographyArgs,
    @Ctx() context: FilmsContext,
  ) {
    const query = { filter: { persons: [{ id, role }] }, sort, language, first, after }
    return FilmConnection.from(await this.service.list(query, context))
  }
}
