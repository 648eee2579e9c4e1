import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { LookupArgs } from '@cinegraph/kit/graphql/lookup'
import { type Language, translate } from '@cinegraph/kit/language'
import { Args, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { isVisible } from '../access/film-access.js'
import type { FilmsContext } from '../context.js'
import type { SeasonRecord } from '../seasons/season.record.js'
import { Season } from '../seasons/season.type.js'
import { FilmListArgs } from './film-list.args.js'
import { FilmTranslation, translationsOf } from './film-translation.type.js'
import type { ExternalId, FilmRecord } from './film.record.js'
import type { FilmService } from './film.service.js'
import { Film, FilmConnection, FilmExternalId } from './film.type.js'
import { InLanguage } from './in-language.js'

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
  title(@Root() film: FilmRecord, @InLanguage() language: Language): string {
    return translate(film.title, language) ?? film.originalTitle
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is about, in a few sentences of plain text; null when nobody wrote it.',
  })
  description(@Root() film: FilmRecord, @InLanguage() language: Language): string | null {
    return translate(film.description, language) ?? null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The line on its poster; null when it has none.',
  })
  tagline(@Root() film: FilmRecord, @InLanguage() language: Language): string | null {
    return translate(film.tagline, language) ?? null
  }

  @FieldResolver(() => [FilmTranslation], {
    description: 'Its texts as they were written, one for each language that it has a title in.',
  })
  translations(@Root() film: FilmRecord): FilmTranslation[] {
    return translationsOf(film)
  }

  @FieldResolver(() => [FilmExternalId], {
    nullable: true,
    description: 'What other catalogues call it, by source.',
  })
  externalIds(
    @Root() { id }: FilmRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<readonly ExternalId[]> {
    return loaders.externalIds.load(id)
  }

  @FieldResolver(() => [Season], {
    nullable: true,
    description: 'Its seasons by number, the specials first; empty for a movie.',
  })
  async seasons(
    @Root() { id, type }: FilmRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<readonly SeasonRecord[]> {
    return type === 'MOVIE' ? [] : loaders.seasons.load(id)
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
