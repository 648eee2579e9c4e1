import { type Language, translate } from '@cinegraph/kit/language'
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import { FilmTranslation, translationsOf } from '../films/film-translation.type.js'
import { InLanguage } from '../films/in-language.js'
import type { EpisodeRecord, SeasonRecord } from './season.record.js'
import { Episode, Season } from './season.type.js'

@Resolver(() => Season)
export class SeasonResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Its title; null when it has none but its number.',
  })
  title(@Root() season: SeasonRecord, @InLanguage() language: Language): string | null {
    return translate(season.title, language) ?? null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is about, in plain text; null when nobody wrote it.',
  })
  description(@Root() season: SeasonRecord, @InLanguage() language: Language): string | null {
    return translate(season.description, language) ?? null
  }

  @FieldResolver(() => [FilmTranslation], {
    description: 'Its texts as they were written, one for each language that it has a title in.',
  })
  translations(@Root() season: SeasonRecord): FilmTranslation[] {
    return translationsOf(season)
  }

  @FieldResolver(() => [Episode], { description: 'Its episodes by number.' })
  async episodes(
    @Root() { filmId, number }: SeasonRecord,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<readonly EpisodeRecord[]> {
    return (await loaders.episodes.load(filmId)).ofSeason(number)
  }
}
