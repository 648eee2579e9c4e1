import { parseId } from '@cinegraph/kit/lookup'

/** A film as the gateway names it; `visible` is there when a field that requires it was selected. */
export interface FilmReference {
  readonly id: string
  readonly visible?: boolean | null
}

export function resolveFilmReference(reference: FilmReference): FilmReference | null {
  const id = parseId(reference.id)
  return id === undefined ? null : { id, visible: reference.visible ?? null }
}
