import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { EntityStore } from '../editing/entity-store.js'
import { GenreRepository, type StoredGenre } from './genre.repository.js'
import { translationsOf } from './genre-translations.js'

type Models = Pick<
  PrismaClient,
  'genre' | 'genreTranslation' | 'filmGenre' | '$queryRaw' | '$executeRaw'
>

/** Genres within an edit. */
export class GenreEditingRepository implements EntityStore<StoredGenre> {
  constructor(private readonly db: Models) {}

  async lockSlugs(): Promise<void> {
    await this.db
      .$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('people.genre.slug', 0))`
  }

  async takenSlugs(slugs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.genre.findMany({
      where: { slug: { in: [...slugs] } },
      select: { slug: true },
    })
    return new Set(rows.map(({ slug }) => slug))
  }

  async lock(id: string): Promise<StoredGenre | undefined> {
    await this.db.$queryRaw`SELECT id::text FROM people.genre WHERE id = ${id}::uuid FOR UPDATE`
    return new GenreRepository(this.db).find(id)
  }

  /** Which of these there are: until the edit ends none of them is edited or deleted. */
  async keep(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM people.genre WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR KEY SHARE`
    return new Set(rows.map(({ id }) => id))
  }

  async save({ id, name, description, ...data }: StoredGenre): Promise<void> {
    await this.db.genre.upsert({
      where: { id },
      create: { id, ...data },
      update: data,
      select: { id: true },
    })
    await this.db.genreTranslation.deleteMany({ where: { genreId: id } })
    await this.db.genreTranslation.createMany({
      data: translationsOf({ name, description }).map((texts) => ({ genreId: id, ...texts })),
    })
  }

  /** And takes it from its films. */
  async delete(id: string): Promise<void> {
    await this.db.genre.delete({ where: { id }, select: { id: true } })
  }
}
