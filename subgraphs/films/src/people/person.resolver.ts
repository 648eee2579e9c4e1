import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmPageArgs } from '../films/film-list.args.js'
import type { FilmographyService } from './filmography.service.js'
import { FilmographyConnection, PersonRole } from './filmography.type.js'
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
  constructor(private readonly service: FilmographyService) {}

  @FieldResolver(() => FilmographyConnection, {
    nullable: true,
    description: 'The films that the person took part in, each once.',
  })
  async films(
    @Root() { id }: Person,
    @Args(() => FilmographyArgs) args: FilmographyArgs,
    @Ctx() context: FilmsContext,
  ) {
    return FilmographyConnection.from(id, await this.service.list(id, args, context))
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many films that you may see the person took part in, in whatever role.',
  })
  filmCount(@Root() { id }: Person, @Ctx() { loaders }: FilmsContext): Promise<number> {
    return loaders.personFilmCount.load({ id })
  }

  @FieldResolver(() => [PersonRole], {
    nullable: true,
    description:
      'The roles that the person has in films that you may see, the one with most films first: the tabs of `films(role:)`.',
  })
  roles(@Root() { id }: Person, @Ctx() context: FilmsContext): Promise<PersonRole[]> {
    return this.service.roles(id, context)
  }
}
