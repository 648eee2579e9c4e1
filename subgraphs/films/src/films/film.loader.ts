import DataLoader from 'dataloader'
import type { Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { isVisible, readsHidden } from '../access/film-access.js'
import type { CatalogueReader } from '../search/catalogue-reader.js'
import type { ExternalId, FilmRecord } from './film.record.js'
import type { FilmRepository } from './film.repository.js'

const BATCH = 1_000

/** Films by id as `viewer` may see them. Absent and hidden are both null: nobody can tell one from the other. */
export function createFilmLoader(
  catalogue: Pick<CatalogueReader, 'filmsByIds'>,
  viewer: Viewer,
): DataLoader<string, FilmRecord | null> {
  const fresh = readsHidden(viewer)
  return new DataLoader(
    async (given) => {
      const ids = given.map(parseId)
      const known = ids.filter((id) => id !== undefined)
      const films = await catalogue.filmsByIds(known, { fresh })
      const visible = new Map(
        films.flatMap((film) => (film && isVisible(film, viewer) ? [[film.id, film]] : [])),
      )
      return ids.map((id) => (id === undefined ? null : (visible.get(id) ?? null)))
    },
    { maxBatchSize: BATCH },
  )
}

/** What other catalogues call a film, whoever may see it; one statement however many films. */
export const createExternalIdLoader = (
  films: Pick<FilmRepository, 'externalIdsOf'>,
): DataLoader<string, readonly ExternalId[]> =>
  new DataLoader(async (ids) => {
    const rows = Map.groupBy(await films.externalIdsOf(ids), ({ filmId }) => filmId)
    return ids.map((id) => rows.get(id) ?? [])
  })
