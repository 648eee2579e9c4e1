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

const SELECTED = {
  id: true,
  slug: true,
  birthDate: true,
  deathDate: true,
  translations: { select: { language: true, name: true, biography: true } },
} as const

export class PersonRepository {
  constructor(private readonly db: Pick<PrismaClient, 'person'>) {}

  async findBySlug(slug: string): Promise<PersonRecord | null> {
    const row = await this.db.person.findUnique({ where: { slug }, select: SELECTED })
    return row && toRecord(row)
  }

  /** In no particular order; absent ids are left out. */
  async findByIds(ids: readonly string[]): Promise<PersonRecord[]> {
    const rows = await this.db.person.findMany({
      where: { id: { in: [...ids] } },
      select: SELECTED,
    })
    return rows.map(toRecord)
  }
}

interface PersonRow {
  id: string
  slug: string
  birthDate: Date | null
  deathDate: Date | null
  translations: { language: string; name: string; biography: string | null }[]
}

const toRecord = ({ translations, ...row }: PersonRow): PersonRecord => ({
  id: row.id,
  slug: row.slug,
  name: textsOf(translations, 'name'),
  biography: textsOf(translations, 'biography'),
  birthDate: isoDate(row.birthDate),
  deathDate: isoDate(row.deathDate),
})
