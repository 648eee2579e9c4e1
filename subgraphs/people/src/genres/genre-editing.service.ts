import { randomUUID } from 'node:crypto'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import type { Outcome } from '../editing/edit.js'
import { EntityEditor, type Seen } from '../editing/entity-editor.js'
import type { EditingRepository } from '../editing/editing.repository.js'
import { changedWithName } from '../editing/texts.js'
import { WRITE_PEOPLE } from '../permissions.js'
import { GENRE } from './genre.kind.js'
import type { StoredGenre } from './genre.repository.js'
import { genreChange, newGenre, wholeGenre } from './genre.rules.js'
import type { GenreService } from './genre.service.js'

/** Genres are written with `people:write`. All throw UNAUTHENTICATED and FORBIDDEN. */
export class GenreEditingService {
  private readonly editor: EntityEditor<StoredGenre>

  constructor(
    repository: EditingRepository,
    private readonly genres: GenreService,
  ) {
    this.editor = new EntityEditor(repository, GENRE)
  }

  /** Throws BAD_USER_INPUT, and CONFLICT when the slug is taken. */
  async create(viewer: Viewer, input: z.input<typeof newGenre>): Promise<StoredGenre> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    const { slug, ...given } = validate(newGenre, input, 'input')
    const state = validate(wholeGenre, changed({ name: {}, description: {} }, given), 'input')
    const make = (slug: string) => ({ ...state, id: randomUUID(), version: 1, slug })
    return this.published(
      this.editor.create(by, { slug: slug ?? undefined, name: state.name, make }),
    )
  }

  /** Throws BAD_USER_INPUT, NOT_FOUND, and CONFLICT when the slug is taken. */
  async update(
    viewer: Viewer,
    seen: Seen,
    input: z.input<typeof genreChange>,
  ): Promise<Outcome<StoredGenre>> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    const { slug, ...change } = validate(genreChange, input, 'input')
    return this.published(
      this.editor.update(by, { ...seen, slug }, (before) => {
        const state = validate(wholeGenre, changed(before, change), 'input')
        return { ...before, ...state, slug: slug ?? before.slug }
      }),
    )
  }

  /** Throws NOT_FOUND, and CONFLICT when films are of the genre, unless it is forced. */
  async delete(viewer: Viewer, seen: Seen & { force: boolean }): Promise<Outcome<StoredGenre>> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    return this.published(this.editor.delete(by, seen))
  }

  /** Nobody who reads through this process waits for the indexer to see it. */
  private async published<T>(edit: Promise<T>): Promise<T> {
    const result = await edit
    await this.genres.forget()
    return result
  }
}

type State = Pick<StoredGenre, 'name' | 'description'>

function changed(before: State, change: Omit<z.output<typeof genreChange>, 'slug'>): State {
  const { name, text: description } = changedWithName(
    { name: before.name, text: before.description },
    { name: change.name, text: change.description },
  )
  return { name, description }
}
