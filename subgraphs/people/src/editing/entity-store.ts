import type { Translations } from '@cinegraph/kit/language'

/** A person or a genre. All its other members are fields of the audit. */
export interface Entity {
  readonly id: string
  readonly slug: string
  readonly version: number
  readonly name: Translations
}

/** Rows of one kind within an edit. */
export interface EntityStore<T extends Entity> {
  /** Until the edit ends nobody else chooses a slug for one of this kind. To be called before any row is locked. */
  lockSlugs(): Promise<void>
  /** Which of these slugs lead somewhere. */
  takenSlugs(slugs: readonly string[]): Promise<ReadonlySet<string>>
  /** Until the edit ends nobody else edits it or links a film to it. */
  lock(id: string): Promise<T | undefined>
  /** Writes it, new or over what there was. */
  save(entity: T): Promise<void>
  /** With its links. */
  delete(id: string): Promise<void>
}
