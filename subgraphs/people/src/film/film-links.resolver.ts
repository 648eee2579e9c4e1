import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { AuditConnection } from '@cinegraph/kit/graphql/audit'
import { RequiresAllPermissions, RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import { historyOf } from '../editing/history.type.js'
import { ONLY_WITH_ERROR, WRITING } from '../editing/texts.type.js'
import { WRITE_FILMS, WRITE_PEOPLE } from '../permissions.js'
import type { FilmReference } from './film.reference.js'
import { Film } from './film.type.js'
import type { FilmLinksService } from './film-links.service.js'
import type { FilmLinksState } from './film-links-state.repository.js'
import {
  FilmLinks,
  FilmLinksInput,
  filmLinksResultOf,
  SeenLinksArgs,
  SetFilmLinksResult,
} from './film-links.type.js'

@Resolver(() => Film)
export class FilmLinksResolver {
  constructor(private readonly service: FilmLinksService) {}

  @RequiresPermission(WRITE_PEOPLE)
  @CacheControl({ scope: 'PRIVATE' })
  @Directive('@requires(fields: "visible")')
  @FieldResolver(() => FilmLinks, {
    nullable: true,
    description: `All its genres and credits, and the version to give with an edit of them; null of a film that was deleted. ${WRITING}`,
  })
  links(
    @Root() film: FilmReference,
    @Ctx() context: PeopleContext,
  ): Promise<FilmLinksState | null> {
    return this.service.linksOf(context, film)
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Directive('@requires(fields: "visible")')
  @FieldResolver(() => AuditConnection, {
    nullable: true,
    description: `Who changed what of its genres and credits, the newest first; null of a film that was deleted. ${WRITING}`,
  })
  async linksHistory(
    @Root() film: FilmReference,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: PeopleContext,
  ) {
    const page = await this.service.historyOf(context, film, args)
    return page && historyOf(page)
  }

  @RequiresAllPermissions(WRITE_PEOPLE, WRITE_FILMS)
  @Mutation(() => SetFilmLinksResult, {
    nullable: true,
    description:
      'Sets the genres of a film, its credits, or both, each as a whole and in the order in which they are shown. NOT_FOUND when ' +
      `there is no such film. ${ONLY_WITH_ERROR} Needs both permissions \`people:write\` and \`films:write\`.`,
  })
  async setFilmLinks(
    @Args(() => SeenLinksArgs) seen: SeenLinksArgs,
    @Arg('input', () => FilmLinksInput, { description: 'The lists.' }) input: FilmLinksInput,
    @Ctx() { viewer }: PeopleContext,
  ) {
    return filmLinksResultOf(await this.service.set(viewer, seen, input))
  }
}
