import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Stored } from '@cinegraph/kit/importing'
import type { FilmContent } from './film-content.js'

/** What may name a film. */
export interface FilmNames {
  readonly slug?: string | undefined
  readonly externalIds?: Readonly<Record<string, string>> | undefined
}

export interface FoundFilm extends Required<FilmNames> {
  readonly id: string
  readonly slug: string
  readonly deleted: boolean
}

export type StoredFilm = Stored<FilmContent> & { readonly id: string }

/** Whole films, as imports compare them and exports tell them. */
export class FilmContentRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** For each of `names`, the films that the slug or any of the external ids is of, deleted ones too. */
  async find(names: readonly FilmNames[]): Promise<FoundFilm[][]> {
    const keys = JSON.stringify(
      names.flatMap(({ slug, externalIds = {} }, place) => [
        ...(slug === undefined ? [] : [{ place, slug }]),
        ...Object.entries(externalIds).map(([source, value]) => ({ place, source, value })),
      ]),
    )
    const rows = await this.db.$queryRaw<(FoundFilm & { place: number })[]>`
      WITH key AS (
        SELECT * FROM jsonb_to_recordset(${keys}::jsonb) AS key(place int, slug text, source text, value text)
      ), found AS (
        SELECT place, id FROM key JOIN films.film USING (slug)
        UNION SELECT place, film_id FROM key JOIN films.film_external_id USING (source, value)
      )
      SELECT place, id::text, slug, deleted_at IS NOT NULL AS deleted, ${EXTERNAL_IDS} AS "externalIds"
      FROM found JOIN films.film USING (id)`
    const byPlace = Map.groupBy(rows, ({ place }) => place)
    return names.map((_, place) => byPlace.get(place) ?? [])
  }

  /** By id, those that are there; deleted ones too. */
  async byIds(ids: readonly string[]): Promise<Map<string, StoredFilm>> {
    const films = await this.read(Prisma.sql`WHERE id = ANY(${ids}::uuid[])`)
    return new Map(films.map((film) => [film.id, film]))
  }

  /** The next in the order of slugs, the first for `after: ''`; none that is deleted. */
  page(after: string, limit: number): Promise<StoredFilm[]> {
    return this.read(
      Prisma.sql`WHERE deleted_at IS NULL AND slug > ${after} ORDER BY slug LIMIT ${limit}`,
    )
  }

  private async read(selected: Prisma.Sql): Promise<StoredFilm[]> {
    const rows = await this.db.$queryRaw<FilmRow[]>`
      SELECT id::text, version, slug, type::text, status::text, original_title AS "originalTitle",
        original_language AS "originalLanguage", release_date::text AS "releaseDate", release_year AS "releaseYear",
        runtime_minutes AS "runtimeMinutes", age_rating AS "ageRating", countries,
        external_rating AS "externalRating", credits_start_sec AS "creditsStartSec", trailer_url AS "trailerUrl",
        required_role AS "requiredRole", hidden_without_role AS "hiddenWithoutRole", publish_at AS "publishAt",
        (SELECT jsonb_build_object('title', ${byLanguage('title')}, 'description', ${byLanguage('description')},
            'tagline', ${byLanguage('tagline')})
          FROM films.film_translation AS text WHERE text.film_id = film.id) AS texts,
        ${EXTERNAL_IDS} AS "externalIds", ${SEASONS} AS seasons
      FROM films.film ${selected}`
    return rows.map(({ id, version, texts, publishAt, ...film }) => ({
      id,
      version,
      content: { ...film, ...texts, publishAt: publishAt?.toISOString() ?? null },
    }))
  }
}

type FilmRow = Omit<FilmContent, Texts | 'publishAt'> & {
  readonly id: string
  readonly version: number
  readonly publishAt: Date | null
  readonly texts: Pick<FilmContent, Texts>
}
type Texts = 'title' | 'description' | 'tagline'

const byLanguage = (column: Texts) => {
  const text = Prisma.raw(`text.${column}`)
  return Prisma.sql`coalesce(jsonb_object_agg(language, ${text}) FILTER (WHERE ${text} IS NOT NULL), '{}')`
}

const EXTERNAL_IDS = Prisma.sql`(
  SELECT coalesce(jsonb_object_agg(source, value), '{}')
  FROM films.film_external_id AS external WHERE external.film_id = film.id)`

const EPISODES = Prisma.sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'title', texts.title, 'description', texts.description,
    'releaseDate', release_date, 'runtimeMinutes', runtime_minutes, 'creditsStartSec', credits_start_sec)
    ORDER BY number), '[]')
  FROM films.episode CROSS JOIN LATERAL (
    SELECT ${byLanguage('title')} AS title, ${byLanguage('description')} AS description
    FROM films.episode_translation AS text WHERE episode_id = episode.id
  ) AS texts
  WHERE season_id = season.id)`

const SEASONS = Prisma.sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'title', texts.title, 'description', texts.description,
    'releaseDate', release_date, 'episodes', ${EPISODES}) ORDER BY number), '[]')
  FROM films.season CROSS JOIN LATERAL (
    SELECT ${byLanguage('title')} AS title, ${byLanguage('description')} AS description
    FROM films.season_translation AS text WHERE season_id = season.id
  ) AS texts
  WHERE season.film_id = film.id)`
