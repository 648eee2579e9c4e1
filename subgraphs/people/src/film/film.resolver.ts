import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import { CreditConnection, CreditsArgs } from '../credits/credit.type.js'
import type { StoredGenre } from '../genres/genre.repository.js'
import { Genre } from '../genres/genre.type.js'
import type { StoredPerson } from '../persons/person.repository.js'
import { Person } from '../persons/person.type.js'
import type { FilmReference } from './film.reference.js'
import type { FilmService } from './film.service.js'
import { Film } from './film.type.js'

@Resolver(() => Film)
export class FilmResolver {
  constructor(private readonly service: FilmService) {}

  @Directive('@requires(fields: "visible")')
  @FieldResolver(() => [Genre], {
    nullable: true,
    description:
      'Its genres, the most fitting first; null only together with an error, or of a film that was deleted.',
  })
  async genres(
    @Root() film: FilmReference,
    @Ctx() { loaders }: PeopleContext,
  ): Promise<StoredGenre[] | null> {
    return this.service.genres(film, loaders)
  }

  @Directive('@requires(fields: "visible")')
  @FieldResolver(() => CreditConnection, {
    nullable: true,
    description:
      'Who made it and who plays in it, in billing order; null only together with an error, or of a film that was deleted.',
  })
  async credits(
    @Root() film: FilmReference,
    @Args(() => CreditsArgs) args: CreditsArgs,
    @Ctx() { loaders }: PeopleContext,
  ) {
    const page = await this.service.credits(film, args, loaders)
    return page && CreditConnection.from(page)
  }

  @Directive('@requires(fields: "visible")')
  @FieldResolver(() => [Person], {
    nullable: true,
    description:
      'Who directed it, in billing order, each person once; null only together with an error, or of a film that was deleted.',
  })
  async directors(
    @Root() film: FilmReference,
    @Ctx() { loaders }: PeopleContext,
  ): Promise<StoredPerson[] | null> {
    return this.service.directors(film, loaders)
  }
}
