import { Prisma, type PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { Stored } from '@cinegraph/kit/importing'
import type { GenreContent, LinksContent, PersonContent } from './people-content.js'

export type StoredPerson = Stored<PersonContent> & { readonly id: string }
export type StoredGenre = Stored<GenreContent> & { readonly id: string }

/** What a slug leads to, and all slugs that lead there: of a person also those of who was merged into them. */
export interface Found {
  readonly id: string
  readonly slugs: readonly string[]
}

/** Slugs of what belongs to a film, in its order. */
export interface ToldLinks {
  readonly genres: readonly string[]
  readonly credits: readonly {
    readonly person: string
    readonly role: LinksContent['credits'][number]['role']
    readonly character: string | null
  }[]
}

/** Whole persons, genres and links of films, as imports compare them and exports tell them. */
export class PeopleContentRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw'>) {}

  /** By slug; a person who was merged leads to who stays. */
  async findPersons(slugs: readonly string[]): Promise<Map<string, Found>> {
    const rows = await this.db.$queryRaw<(Found & { slug: string })[]>`
      WITH found AS (
        SELECT slug, id FROM people.person WHERE slug = ANY(${slugs})
        UNION ALL SELECT slug, person_id FROM people.person_redirect WHERE slug = ANY(${slugs})
      )
      SELECT found.slug, id::text, ARRAY(
        SELECT person.slug UNION ALL SELECT redirect.slug FROM people.person_redirect AS redirect WHERE person_id = person.id
      ) AS slugs
      FROM found JOIN people.person USING (id)`
    return new Map(rows.map(({ slug, ...found }) => [slug, found]))
  }

  /** By slug. */
  async findGenres(slugs: readonly string[]): Promise<Map<string, Found>> {
    const rows = await this.db.$queryRaw<{ id: string; slug: string }[]>`
      SELECT id::text, slug FROM people.genre WHERE slug = ANY(${slugs})`
    return new Map(rows.map(({ id, slug }) => [slug, { id, slugs: [slug] }]))
  }

  async personsByIds(ids: readonly string[]): Promise<Map<string, StoredPerson>> {
    const persons = await this.readPersons(Prisma.sql`WHERE id = ANY(${ids}::uuid[])`)
    return new Map(persons.map((person) => [person.id, person]))
  }

  async genresByIds(ids: readonly string[]): Promise<Map<string, StoredGenre>> {
    const genres = await this.readGenres(Prisma.sql`WHERE id = ANY(${ids}::uuid[])`)
    return new Map(genres.map((genre) => [genre.id, genre]))
  }

  /** The next in the order of slugs, the first for `after: ''`. */
  pageOfPersons(after: string, limit: number): Promise<StoredPerson[]> {
    return this.readPersons(Prisma.sql`WHERE slug > ${after} ORDER BY slug LIMIT ${limit}`)
  }

  /** The next in the order of slugs, the first for `after: ''`. */
  pageOfGenres(after: string, limit: number): Promise<StoredGenre[]> {
    return this.readGenres(Prisma.sql`WHERE slug > ${after} ORDER BY slug LIMIT ${limit}`)
  }

  /** Of each film; one without any has empty lists, and version 0 while nobody set them. */
  async linksOf(filmIds: readonly string[]): Promise<Map<string, Stored<LinksContent>>> {
    const rows = await this.db.$queryRaw<(LinksContent & { id: string; version: number })[]>`
      SELECT id::text, coalesce(version, 0) AS version,
        ARRAY(SELECT genre_id::text FROM people.film_genre WHERE film_id = film.id ORDER BY "order", genre_id) AS genres,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('id', credit.id, 'personId', person_id, 'role', role,
            'character', character) ORDER BY billing_order), '[]')
          FROM people.credit WHERE film_id = film.id) AS credits
      FROM unnest(${filmIds}::uuid[]) AS film(id) LEFT JOIN people.film_links ON film_id = film.id`
    return new Map(rows.map(({ id, version, ...content }) => [id, { version, content }]))
  }

  /** The same by slugs. */
  async toldLinksOf(filmIds: readonly string[]): Promise<Map<string, ToldLinks>> {
    const rows = await this.db.$queryRaw<(ToldLinks & { id: string })[]>`
      SELECT id::text, ARRAY(
          SELECT slug FROM people.film_genre JOIN people.genre ON genre.id = genre_id
          WHERE film_id = film.id ORDER BY "order", genre_id
        ) AS genres,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('person', slug, 'role', role, 'character', character)
            ORDER BY billing_order), '[]')
          FROM people.credit JOIN people.person ON person.id = person_id WHERE film_id = film.id) AS credits
      FROM unnest(${filmIds}::uuid[]) AS film(id)`
    return new Map(rows.map(({ id, ...links }) => [id, links]))
  }

  private async readPersons(selected: Prisma.Sql): Promise<StoredPerson[]> {
    const rows = await this.db.$queryRaw<(PersonContent & IdAndVersion & Texts<'biography'>)[]>`
      SELECT id::text, version, slug, birth_date::text AS "birthDate", death_date::text AS "deathDate",
        (SELECT jsonb_build_object('name', ${byLanguage('name')}, 'biography', ${byLanguage('biography')})
          FROM people.person_translation WHERE person_id = person.id) AS texts
      FROM people.person ${selected}`
    return rows.map(toStored)
  }

  private async readGenres(selected: Prisma.Sql): Promise<StoredGenre[]> {
    const rows = await this.db.$queryRaw<(GenreContent & IdAndVersion & Texts<'description'>)[]>`
      SELECT id::text, version, slug,
        (SELECT jsonb_build_object('name', ${byLanguage('name')}, 'description', ${byLanguage('description')})
          FROM people.genre_translation WHERE genre_id = genre.id) AS texts
      FROM people.genre ${selected}`
    return rows.map(toStored)
  }
}

interface IdAndVersion {
  readonly id: string
  readonly version: number
}
interface Texts<F extends string> {
  readonly texts: Readonly<Record<'name' | F, PersonContent['name']>>
}

const toStored = <R extends IdAndVersion & { readonly texts: object }>({
  id,
  version,
  texts,
  ...row
}: R) => ({ id, version, content: { ...row, ...texts } })

const byLanguage = (column: 'name' | 'biography' | 'description') => {
  const text = Prisma.raw(column)
  return Prisma.sql`coalesce(jsonb_object_agg(language, ${text}) FILTER (WHERE ${text} IS NOT NULL), '{}')`
}
