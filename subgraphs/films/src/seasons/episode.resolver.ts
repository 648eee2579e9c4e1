import { type Language, translate } from '@cinegraph/kit/language'
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmTranslation, translationsOf } from '../films/film-translation.type.js'
import type { FilmRecord } from '../films/film.record.js'
import { Film } from '../films/film.type.js'
import { InLanguage } from '../films/in-language.js'
import type { EpisodeRecord } from './season.record.js'
import { Episode } from './season.type.js'

@Resolver(() => Episode)
export class EpisodeResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Its title; null when it has none but its number.',
  })
  title(@Root() episode: EpisodeRecord, @InLanguage() language: Language): string | null {
    return translate(episode.title, language) ?? null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is about, in plain text; null when nobody wrote it.',
  })
  description(@Root() episode: EpisodeRecord, @InLanguage() language: Language): string | null {
    return translate(episode.description, language) ?? null
  }

  @FieldResolver(() => [FilmTranslation], {
    description: 'Its texts as they were written, one for each language that it has a title in.',
  })
  translations(@Root() episode: EpisodeRecord): FilmTranslation[] {
    return translationsOf(episode)
  }

  @FieldResolver(() => Film, {
    nullable: true,
    description: 'The series that it belongs to; null when you may not see it.',
  })
  film(
    @Root() { filmId }: EpisodeRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<FilmRecord | null> {
    return loaders.film.load(filmId)
  }

  @FieldResolver(() => Episode, {
    nullable: true,
    description:
      'The episode that is watched after it, of the next season after the last of one; null at the end. Specials lead to specials only.',
  })
  async next(
    @Root() episode: EpisodeRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<EpisodeRecord | null> {
    return (await loaders.episodes.load(episode.filmId)).neighbourOf(episode, 1)
  }

  @FieldResolver(() => Episode, {
    nullable: true,
    description:
      'The episode that is watched before it, of the season before when it is the first of one; null at the beginning.',
  })
  async previous(
    @Root() episode: EpisodeRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<EpisodeRecord | null> {
    return (await loaders.episodes.load(episode.filmId)).neighbourOf(episode, -1)
  }
}
