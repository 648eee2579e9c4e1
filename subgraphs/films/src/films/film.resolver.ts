import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { Language } from '@cinegraph/kit/graphql/language'
import { LookupArgs } from '@cinegraph/kit/graphql/lookup'
import { translate } from '@cinegraph/kit/language'
import { Arg, Args, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { isVisible } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import { FilmListArgs } from './film-list.args.js'
import type { FilmRecord } from './film.record.js'
import type { FilmService } from './film.service.js'
import { Film, FilmConnection } from './film.type.js'

const inLanguage = {
  defaultValue: Language.EN,
  description: 'The language to answer in; what was never translated comes in another one.',
}

@Resolver(() => Film)
export class FilmResolver {
  constructor(private readonly service: FilmService) {}

  @Query(() => Film, {
    nullable: true,
    description: 'One film, by its id or its slug; null when there is none that you may see.',
  })
  film(
    @Args(() => LookupArgs) lookup: LookupArgs,
    @Ctx() context: FilmsContext,
  ): Promise<FilmRecord | null> {
    return this.service.find(lookup, context)
  }

  @CacheControl({ maxAge: 30 })
  @Query(() => FilmConnection, {
    nullable: true,
    description: 'The films of the catalogue. To search or to count by facet, take `searchFilms`.',
  })
  async films(@Args(() => FilmListArgs) args: FilmListArgs, @Ctx() context: FilmsContext) {
    return FilmConnection.from(await this.service.list(args, context))
  }

  @FieldResolver(() => String, {
    description: 'Its title, in its original language where it has no other.',
  })
  title(
    @Root() film: FilmRecord,
    @Arg('language', () => Language, inLanguage) language: Language,
  ): string {
    return translate(film.title, language) ?? film.originalTitle
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is about, in a few sentences of plain text; null when nobody wrote it.',
  })
  description(
    @Root() film: FilmRecord,
    @Arg('language', () => Language, inLanguage) language: Language,
  ): string | null {
    return translate(film.description, language) ?? null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The line on its poster; null when it has none.',
  })
  tagline(
    @Root() film: FilmRecord,
    @Arg('language', () => Language, inLanguage) language: Language,
  ): string | null {
    return translate(film.tagline, language) ?? null
  }

  // what other subgraphs add to Film requires this field, so that nothing of theirs answers for a hidden film
  @Directive('@inaccessible')
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'True when the viewer may see the film. For other subgraphs, not for clients.',
  })
  visible(@Root() film: FilmRecord, @Ctx() { viewer }: FilmsContext): boolean {
    return isVisible(film, viewer)
  }
}
