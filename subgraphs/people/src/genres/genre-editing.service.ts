import { randomUUID } from 'node:crypto'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import type { Outcome } from '../editing/edit.js'
import { EntityEditor, type Seen } from '../editing/entity-editor.js'
import type { EditingRepository } from '../editing/editing.repository.js'
import { changedTexts } from '../editing/texts.js'
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
    const { slug, translations } = validate(newGenre, input, 'input')
    const texts = changedTexts({ name: {}, description: {} }, translations)
    const state = validate(wholeGenre, texts, 'input')
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
    const { slug, translations } = validate(genreChange, input, 'input')
    return this.published(
      this.editor.update(by, { ...seen, slug }, (before) => {
        const { name, description } = before
        const texts = changedTexts({ name, description }, translations)
        const state = validate(wholeGenre, texts, 'input')
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
