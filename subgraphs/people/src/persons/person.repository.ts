import type { PrismaClient } from '@cinegraph/engines/postgres/generated/client'
import { isoDate } from '@cinegraph/kit/iso-date'
import { textsOf, type Translations } from '@cinegraph/kit/language'

export interface PersonRecord {
  readonly id: string
  readonly slug: string
  readonly name: Translations
  readonly biography: Translations
  /** ISO date. */
  readonly birthDate: string | null
  /** ISO date. */
  readonly deathDate: string | null
}

export interface StoredPerson extends PersonRecord {
  /** Rises by one with every edit. */
  readonly version: number
}

const SELECTED = {
  id: true,
  slug: true,
  version: true,
  birthDate: true,
  deathDate: true,
  translations: { select: { language: true, name: true, biography: true } },
} as const

/** Persons as they are asked for: the id and the slug of one who was merged into another lead to the other. */
export class PersonRepository {
  constructor(private readonly db: Pick<PrismaClient, 'person' | 'personRedirect'>) {}

  async findBySlug(slug: string): Promise<StoredPerson | null> {
    const row = await this.db.person.findUnique({ where: { slug }, select: SELECTED })
    if (row) return toRecord(row)
    const merged = await this.db.personRedirect.findUnique({
      where: { slug },
      select: { person: { select: SELECTED } },
    })
    return merged && toRecord(merged.person)
  }

  /** By the id that was asked for; absent ids are left out. */
  async findByIds(ids: readonly string[]): Promise<Map<string, StoredPerson>> {
    const rows = await this.db.person.findMany({
      where: { id: { in: [...ids] } },
      select: SELECTED,
    })
    const found = new Map(rows.map((row) => [row.id, toRecord(row)]))
    const missing = ids.filter((id) => !found.has(id))
    if (missing.length === 0) return found
    const merged = await this.db.personRedirect.findMany({
      where: { id: { in: missing } },
      select: { id: true, person: { select: SELECTED } },
    })
    return new Map([...found, ...merged.map((it) => [it.id, toRecord(it.person)] as const)])
  }
}

interface PersonRow {
  id: string
  slug: string
  version: number
  birthDate: Date | null
  deathDate: Date | null
  translations: { language: string; name: string; biography: string | null }[]
}

const toRecord = ({ translations, ...row }: PersonRow): StoredPerson => ({
  id: row.id,
  slug: row.slug,
  version: row.version,
  name: textsOf(translations, 'name'),
  biography: textsOf(translations, 'biography'),
  birthDate: isoDate(row.birthDate),
  deathDate: isoDate(row.deathDate),
})
