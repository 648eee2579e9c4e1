import { randomUUID } from 'node:crypto'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import type { Outcome } from '../editing/edit.js'
import { EntityEditor, type Seen } from '../editing/entity-editor.js'
import type { EditingRepository } from '../editing/editing.repository.js'
import { changedTexts, type TextsChange } from '../editing/texts.js'
import { WRITE_PEOPLE } from '../permissions.js'
import { PERSON } from './person.kind.js'
import type { StoredPerson } from './person.repository.js'
import { newPerson, personChange, wholePerson } from './person.rules.js'

/** Persons are written with `people:write`. All throw UNAUTHENTICATED and FORBIDDEN. */
export class PersonEditingService {
  private readonly editor: EntityEditor<StoredPerson>

  constructor(repository: EditingRepository) {
    this.editor = new EntityEditor(repository, PERSON)
  }

  /** Throws BAD_USER_INPUT, and CONFLICT when the slug is taken. */
  async create(viewer: Viewer, input: z.input<typeof newPerson>): Promise<StoredPerson> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    const { slug, ...given } = validate(newPerson, input, 'input')
    const nobody = { name: {}, biography: {}, birthDate: null, deathDate: null }
    const state = validate(wholePerson, changed(nobody, given), 'input')
    const make = (slug: string) => ({ ...state, id: randomUUID(), version: 1, slug })
    return this.editor.create(by, { slug: slug ?? undefined, name: state.name, make })
  }

  /** Throws BAD_USER_INPUT, NOT_FOUND, and CONFLICT when the slug is taken. */
  async update(
    viewer: Viewer,
    seen: Seen,
    input: z.input<typeof personChange>,
  ): Promise<Outcome<StoredPerson>> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    const { slug, ...change } = validate(personChange, input, 'input')
    return this.editor.update(by, { ...seen, slug }, (before) => {
      const state = validate(wholePerson, changed(before, change), 'input')
      return { ...before, ...state, slug: slug ?? before.slug }
    })
  }

  /** Throws NOT_FOUND, and CONFLICT when the person has credits, unless it is forced. */
  async delete(viewer: Viewer, seen: Seen & { force: boolean }): Promise<Outcome<StoredPerson>> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    return this.editor.delete(by, seen)
  }
}

type State = Pick<StoredPerson, 'name' | 'biography' | 'birthDate' | 'deathDate'>

interface Change {
  readonly translations?: TextsChange<'name' | 'biography'> | undefined
  readonly birthDate?: string | null | undefined
  readonly deathDate?: string | null | undefined
}

function changed({ name, biography, ...before }: State, change: Change): State {
  const { birthDate = before.birthDate, deathDate = before.deathDate } = change
  return { ...changedTexts({ name, biography }, change.translations), birthDate, deathDate }
}
