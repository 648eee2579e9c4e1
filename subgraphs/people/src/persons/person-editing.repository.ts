import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import type { EntityStore } from '../editing/entity-store.js'
import { PersonRepository, type StoredPerson } from './person.repository.js'
import { translationsOf } from './person-translations.js'

type Models = Pick<
  PrismaClient,
  'person' | 'personTranslation' | 'personRedirect' | '$queryRaw' | '$executeRaw'
>

/** Persons within an edit. */
export class PersonEditingRepository implements EntityStore<StoredPerson> {
  constructor(private readonly db: Models) {}

  async lockSlugs(): Promise<void> {
    // a slug may not be that of a person and of a redirect, and no index of a table sees to that
    await this.db
      .$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('people.person.slug', 0))`
  }

  /** Those of persons, and those that lead to the person whom another was merged into. */
  async takenSlugs(slugs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.$queryRaw<{ slug: string }[]>`
      SELECT slug FROM people.person WHERE slug = ANY(${slugs}::text[])
      UNION ALL SELECT slug FROM people.person_redirect WHERE slug = ANY(${slugs}::text[])`
    return new Set(rows.map(({ slug }) => slug))
  }

  async lock(id: string): Promise<StoredPerson | undefined> {
    return (await this.lockAll([id])).get(id)
  }

  /** As `lock`, in the order of ids; by id. */
  async lockAll(ids: readonly string[]): Promise<Map<string, StoredPerson>> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM people.person WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
    return new PersonRepository(this.db).findByIds(rows.map(({ id }) => id))
  }

  /** Which of these there are: until the edit ends none of them is edited, merged or deleted. */
  async keep(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM people.person WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR KEY SHARE`
    return new Set(rows.map(({ id }) => id))
  }

  async save({ id, name, biography, birthDate, deathDate, ...row }: StoredPerson): Promise<void> {
    const day = (iso: string | null) => (iso === null ? null : new Date(iso))
    const data = { ...row, birthDate: day(birthDate), deathDate: day(deathDate) }
    await this.db.person.upsert({
      where: { id },
      create: { id, ...data },
      update: data,
      select: { id: true },
    })
    await this.db.personTranslation.deleteMany({ where: { personId: id } })
    await this.db.personTranslation.createMany({
      data: translationsOf({ name, biography }).map((texts) => ({ personId: id, ...texts })),
    })
  }

  /** With their credits, and with the ids and slugs that lead to them. */
  async delete(id: string): Promise<void> {
    await this.db.person.delete({ where: { id }, select: { id: true } })
  }

  /** Whom the person of this id was merged into. */
  async mergedInto(id: string): Promise<string | undefined> {
    const row = await this.db.personRedirect.findUnique({
      where: { id },
      select: { personId: true },
    })
    return row?.personId
  }

  /** Deletes a person who has no credits left; the id and the slug lead to `personId` from now on, and all that led to them. */
  async redirect({ id, slug }: StoredPerson, personId: string): Promise<void> {
    await this.db.personRedirect.updateMany({ where: { personId: id }, data: { personId } })
    await this.delete(id)
    await this.db.personRedirect.create({ data: { id, slug, personId }, select: { id: true } })
  }
}
