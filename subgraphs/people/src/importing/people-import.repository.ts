import {
  type AuditedKind,
  type Prisma,
  type PrismaClient,
} from '@cinegraph/engines/postgres/generated/client'
import { announce, type OutboxEvent } from '@cinegraph/engines/outbox/outbox.repository'
import { filmLinked } from '@cinegraph/events/domain/film.linked.v1'
import { genreChanged } from '@cinegraph/events/domain/genre.changed.v1'
import { personChanged } from '@cinegraph/events/domain/person.changed.v1'
import { encodeEvent } from '@cinegraph/events/event'
import {
  changesOf,
  compareImports,
  type Imported,
  type ImportedChange,
  type ImportOutcome,
  type ImportRules,
  type Stored,
} from '@cinegraph/kit/importing'
import { Language, type Translations } from '@cinegraph/kit/language'
import {
  GENRE_RULES,
  type GenreContent,
  type GenreFields,
  LINKS_RULES,
  type LinksContent,
  type LinksFields,
  PERSON_RULES,
  type PersonContent,
  type PersonFields,
} from './people-content.js'
import { PeopleContentRepository } from './people-content.repository.js'

type Transaction = Prisma.TransactionClient

/** With an entry in the audit and an event for each change. Without, the caller makes the search index anew. */
interface Telling {
  readonly told: boolean
}

/**
 * Brings whole catalogues in: one statement per table, however many rows. Each `write` is one transaction: it writes what is new
 * or changes, with its next version, and refuses what breaks a rule. `compare` tells what it would make of each, in their order.
 */
export class PeopleImportRepository {
  constructor(private readonly db: Pick<PrismaClient, '$queryRaw' | '$transaction'>) {}

  compareGenres(genres: readonly Imported<GenreFields>[]) {
    return compare(this.db, GENRES, genres)
  }

  writeGenres(genres: readonly Imported<GenreFields>[], telling: Telling) {
    return this.write(GENRES, genres, telling)
  }

  comparePersons(persons: readonly Imported<PersonFields>[]) {
    return compare(this.db, PERSONS, persons)
  }

  writePersons(persons: readonly Imported<PersonFields>[], telling: Telling) {
    return this.write(PERSONS, persons, telling)
  }

  /** By ids of films. */
  compareLinks(films: readonly Imported<LinksFields>[]) {
    return compare(this.db, LINKS, films)
  }

  /** By ids of films: their genres and credits become exactly those given. */
  writeLinks(films: readonly Imported<LinksFields>[], telling: Telling) {
    return this.write(LINKS, films, telling)
  }

  private async write<F, C extends object>(
    kind: Kind<F, C>,
    imports: readonly Imported<F>[],
    { told }: Telling,
  ): Promise<ImportOutcome<C>[]> {
    if (imports.length === 0) return []
    return this.db.$transaction(async (tx) => {
      // one import at a time: what one that was killed has left on its way is there or not before the next compares
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('people.import'))`
      await kind.lock(
        tx,
        imports.map(({ id }) => id),
      )
      const outcomes = await compare(tx, kind, imports)
      const changes = changesOf(outcomes)
      if (changes.length === 0) return outcomes
      await kind.write(tx, changes)
      if (told) await tell(tx, kind, changes)
      return outcomes
    })
  }
}

interface Kind<Fields, Content> {
  readonly audited: AuditedKind
  readonly rules: ImportRules<Fields, Content>
  read(
    content: PeopleContentRepository,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Stored<Content>>>
  lock(tx: Transaction, ids: readonly string[]): Promise<unknown>
  write(tx: Transaction, changes: readonly ImportedChange<Content>[]): Promise<void>
  eventOf(change: ImportedChange<Content>, occurredAt: Date): OutboxEvent
}

async function compare<F, C extends object>(
  db: Pick<PrismaClient, '$queryRaw'>,
  kind: Kind<F, C>,
  imports: readonly Imported<F>[],
): Promise<ImportOutcome<C>[]> {
  const ids = imports.map(({ id }) => id)
  return compareImports(imports, await kind.read(new PeopleContentRepository(db), ids), kind.rules)
}

async function tell<F, C>(
  tx: Transaction,
  { audited, eventOf }: Pick<Kind<F, C>, 'audited' | 'eventOf'>,
  changes: readonly ImportedChange<C>[],
) {
  const entries = changes.map(({ id, version, changes }) => ({ id, version, changes }))
  await tx.$executeRaw`
    INSERT INTO people.people_audit (kind, id, version, action, changes)
    SELECT ${audited}::people.audited_kind, id, version, 'IMPORTED', changes
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS entry(id uuid, version int, changes jsonb)`
  const occurredAt = new Date()
  await announce(
    tx,
    changes.map((change) => eventOf(change, occurredAt)),
  )
}

const PERSONS: Kind<PersonFields, PersonContent> = {
  audited: 'PERSON',
  rules: PERSON_RULES,
  read: (content, ids) => content.personsByIds(ids),
  lock: (tx, ids) =>
    tx.$executeRaw`SELECT FROM people.person WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`,
  async write(tx, changes) {
    await tx.$executeRaw`
      INSERT INTO people.person (id, slug, birth_date, death_date, version, updated_at)
      SELECT id, slug, "birthDate", "deathDate", version, now() FROM jsonb_to_recordset(${rowsOf(changes)}::jsonb)
        AS person(id uuid, slug text, "birthDate" date, "deathDate" date, version int)
      ON CONFLICT (id) DO UPDATE SET (slug, birth_date, death_date, version, updated_at) =
        (excluded.slug, excluded.birth_date, excluded.death_date, excluded.version, excluded.updated_at)`
    await tx.$executeRaw`DELETE FROM people.person_translation WHERE person_id = ANY(${olderIds(changes)}::uuid[])`
    const texts = textRows(changes, ({ name, biography }) => [name, biography])
    await tx.$executeRaw`
      INSERT INTO people.person_translation (person_id, language, name, biography)
      SELECT id, language, name, text FROM jsonb_to_recordset(${texts}::jsonb)
        AS person(id uuid, language text, name text, text text)`
  },
  eventOf: (change, occurredAt) =>
    encodeEvent(
      personChanged,
      { personId: change.id, version: change.version, change: kindOf(change) },
      { occurredAt },
    ),
}

const GENRES: Kind<GenreFields, GenreContent> = {
  audited: 'GENRE',
  rules: GENRE_RULES,
  read: (content, ids) => content.genresByIds(ids),
  lock: (tx, ids) =>
    tx.$executeRaw`SELECT FROM people.genre WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`,
  async write(tx, changes) {
    await tx.$executeRaw`
      INSERT INTO people.genre (id, slug, version, updated_at)
      SELECT id, slug, version, now() FROM jsonb_to_recordset(${rowsOf(changes)}::jsonb)
        AS genre(id uuid, slug text, version int)
      ON CONFLICT (id) DO UPDATE SET (slug, version, updated_at) =
        (excluded.slug, excluded.version, excluded.updated_at)`
    await tx.$executeRaw`DELETE FROM people.genre_translation WHERE genre_id = ANY(${olderIds(changes)}::uuid[])`
    const texts = textRows(changes, ({ name, description }) => [name, description])
    await tx.$executeRaw`
      INSERT INTO people.genre_translation (genre_id, language, name, description)
      SELECT id, language, name, text FROM jsonb_to_recordset(${texts}::jsonb)
        AS genre(id uuid, language text, name text, text text)`
  },
  eventOf: (change, occurredAt) =>
    encodeEvent(
      genreChanged,
      { genreId: change.id, version: change.version, change: kindOf(change) },
      { occurredAt },
    ),
}

const LINKS: Kind<LinksFields, LinksContent> = {
  audited: 'FILM_LINKS',
  rules: LINKS_RULES,
  read: (content, ids) => content.linksOf(ids),
  lock: (tx, ids) =>
    tx.$executeRaw`SELECT FROM people.film_links WHERE film_id = ANY(${ids}::uuid[]) ORDER BY film_id FOR UPDATE`,
  async write(tx, changes) {
    const credits = changes.flatMap(({ id: filmId, after }) =>
      after.credits.map((credit, index) => ({ ...credit, filmId, order: index + 1 })),
    )
    const genres = changes.flatMap(({ id: filmId, after }) =>
      after.genres.map((genreId, index) => ({ filmId, genreId, order: index + 1 })),
    )
    await tx.$executeRaw`
      INSERT INTO people.film_links (film_id, version)
      SELECT id, version FROM jsonb_to_recordset(${rowsOf(changes)}::jsonb) AS film(id uuid, version int)
      ON CONFLICT (film_id) DO UPDATE SET version = excluded.version`
    await tx.$executeRaw`DELETE FROM people.credit WHERE film_id = ANY(${idsOf(changes)}::uuid[])`
    await tx.$executeRaw`DELETE FROM people.film_genre WHERE film_id = ANY(${idsOf(changes)}::uuid[])`
    await tx.$executeRaw`
      INSERT INTO people.credit (id, film_id, person_id, role, character, billing_order)
      SELECT id, "filmId", "personId", role::people.credit_role, character, "order"
      FROM jsonb_to_recordset(${JSON.stringify(credits)}::jsonb) AS credit(id uuid, "filmId" uuid, "personId" uuid,
        role text, character text, "order" int)`
    await tx.$executeRaw`
      INSERT INTO people.film_genre (film_id, genre_id, "order")
      SELECT "filmId", "genreId", "order"
      FROM jsonb_to_recordset(${JSON.stringify(genres)}::jsonb) AS link("filmId" uuid, "genreId" uuid, "order" int)`
  },
  eventOf: ({ id: filmId, changes }, occurredAt) =>
    encodeEvent(
      filmLinked,
      { filmId, links: changes.map(({ field }) => (field === 'genres' ? 'GENRES' : 'CREDITS')) },
      { occurredAt },
    ),
}

const kindOf = ({ before, changes }: ImportedChange<object>) => {
  if (before === null) return 'CREATED'
  return changes.some(({ field }) => field.startsWith('name.')) ? 'RENAMED' : 'EDITED'
}

const idsOf = (changes: readonly ImportedChange<object>[]) => changes.map(({ id }) => id)

/** Those that may have rows in other tables already. */
const olderIds = (changes: readonly ImportedChange<object>[]) =>
  idsOf(changes.filter(({ before }) => before !== null))

const rowsOf = (changes: readonly ImportedChange<object>[]) =>
  JSON.stringify(changes.map(({ id, version, after }) => ({ ...after, id, version })))

/** A row for each language in which there is a name. */
const textRows = <C>(
  changes: readonly ImportedChange<C>[],
  textsOf: (content: C) => readonly [name: Translations, text: Translations],
) =>
  JSON.stringify(
    changes.flatMap(({ id, after }) => {
      const [name, text] = textsOf(after)
      return Object.values(Language)
        .filter((language) => name[language] !== undefined)
        .map((language) => ({ id, language, name: name[language], text: text[language] }))
    }),
  )
