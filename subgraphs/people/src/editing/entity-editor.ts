import { AppError } from '@cinegraph/kit/errors'
import type { Translations } from '@cinegraph/kit/language'
import { parseId } from '@cinegraph/kit/lookup'
import { freeSlug, slugFrom } from '@cinegraph/kit/slug-from'
import { relink, unlinking } from '../film/relink.js'
import { conflictWith, editedTo, type Outcome } from './edit.js'
import type { EditingRepository } from './editing.repository.js'
import { alteration, creation, deletion, type EntityKind } from './entity.js'
import type { Entity, EntityStore } from './entity-store.js'

/** Films that one deletion takes something from, at most: all are locked, entered in the audit and told of at once. */
export const MAX_UNLINKED = 5_000

/** Which one, and in which version whoever edits it has seen it. */
export interface Seen {
  readonly id: string
  readonly version: number
}

/** How persons and genres are edited, each as a whole: locked, compared, written, entered in the audit and announced. */
export class EntityEditor<T extends Entity> {
  constructor(
    private readonly repository: EditingRepository,
    private readonly kind: EntityKind<T>,
  ) {}

  /** With the slug that was given, or one made of the name. Throws CONFLICT when the given one is taken. */
  create(
    by: string,
    given: { slug: string | undefined; name: Translations; make: (slug: string) => T },
  ): Promise<T> {
    return this.repository.edit(by, async (catalogue) => {
      const store = this.kind.storeOf(catalogue)
      await store.lockSlugs()
      const made = slugFrom(given.name) ?? this.kind.word
      const slug = given.slug ?? (await freeSlug(made, (slugs) => store.takenSlugs(slugs)))
      if (given.slug !== undefined) await requireFree(store, slug)
      const entity = given.make(slug)
      await store.save(entity)
      return { result: entity, edits: [creation(this.kind, entity)] }
    })
  }

  /** `change` gives the next state but for its version. Throws NOT_FOUND, and CONFLICT when the slug is taken. */
  update(
    by: string,
    seen: Seen & { slug: string | undefined },
    change: (before: T) => T,
  ): Promise<Outcome<T>> {
    return this.repository.edit(by, async (catalogue) => {
      const store = this.kind.storeOf(catalogue)
      if (seen.slug !== undefined) await store.lockSlugs()
      const before = await this.lock(store, seen.id)
      if (before.version !== seen.version) return conflictWith(before)
      const after = { ...change(before), version: before.version + 1 }
      const edit = alteration<T>(this.kind, before, after)
      if (!edit) return editedTo(before, [])
      if (after.slug !== before.slug) await requireFree(store, after.slug)
      await store.save(after)
      return editedTo<T>(after, [edit])
    })
  }

  /**
   * Answers with what there was. It is taken from films that were deleted, and from others when it is forced. Throws NOT_FOUND,
   * and CONFLICT when films are linked to it and it is not forced, or when they are too many.
   */
  delete(by: string, seen: Seen & { force: boolean }): Promise<Outcome<T>> {
    return this.repository.edit(by, async (catalogue) => {
      const store = this.kind.storeOf(catalogue)
      const before = await this.lock(store, seen.id)
      if (before.version !== seen.version) return conflictWith(before)
      const linked = this.kind.linked(before.id)
      const { all, known } = await catalogue.links.countFilmsOf(linked)
      if (!seen.force) this.requireUnlinked(known)
      this.requireFew(all)
      const films = await unlinking(catalogue.links, linked)
      await store.delete(before.id)
      const relinked = await relink(catalogue.links, films, `${this.kind.kind}_DELETED`)
      return editedTo(before, [deletion(this.kind, before), ...relinked])
    })
  }

  private async lock(store: EntityStore<T>, given: string): Promise<T> {
    const id = parseId(given)
    const found = id === undefined ? undefined : await store.lock(id)
    if (found) return found
    throw new AppError('NOT_FOUND', `There is no such ${this.kind.word}.`, { argument: ['id'] })
  }

  private requireUnlinked(films: number): void {
    if (films === 0) return
    const count = films === 1 ? '1 film' : `${films} films`
    throw new AppError(
      'CONFLICT',
      `The ${this.kind.word} is linked to ${count}: give \`force\` to take it from them as well.`,
      { argument: ['force'] },
    )
  }

  private requireFew(films: number): void {
    if (films <= MAX_UNLINKED) return
    throw new AppError(
      'CONFLICT',
      `The ${this.kind.word} is linked to ${films} films, and is taken from ${MAX_UNLINKED} at most: unlink others first.`,
      { argument: ['id'] },
    )
  }
}

async function requireFree<T extends Entity>(store: EntityStore<T>, slug: string): Promise<void> {
  if (!(await store.takenSlugs([slug])).has(slug)) return
  throw new AppError('CONFLICT', `The slug ${slug} is taken.`, { argument: ['input', 'slug'] })
}
