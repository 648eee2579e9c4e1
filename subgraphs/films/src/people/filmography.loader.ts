import type { CreditedPerson } from '@cinegraph/engines/search/search-index'
import type { Viewer } from '@cinegraph/kit/identity'
import DataLoader from 'dataloader'
import { readsHidden } from '../access/film-access.js'
import type { CatalogueReader, FilmOfPerson, PersonCredits } from '../search/catalogue-reader.js'

export interface FilmographyLoaders {
  /** How many films of a person, in a role where it is given, the viewer may see. */
  readonly personFilmCount: DataLoader<CreditedPerson, number, string>
  /** What a person did for a film that the viewer has been shown. */
  readonly personCredits: DataLoader<FilmOfPerson, PersonCredits, string>
}

interface Sources {
  catalogue: Pick<CatalogueReader, 'filmCountsByPerson' | 'creditsOf'>
  viewer: Viewer
  audiences: () => Promise<readonly string[]>
}

/** One question to the index however many persons, roles and films are asked for. */
export const createFilmographyLoaders = ({
  catalogue,
  viewer,
  audiences,
}: Sources): FilmographyLoaders => ({
  personFilmCount: new DataLoader(
    async (persons) => catalogue.filmCountsByPerson(persons, await audiences()),
    { cacheKeyFn: ({ id, role = '' }) => `${id}:${role}` },
  ),
  personCredits: new DataLoader(
    (asked) => catalogue.creditsOf(asked, { fresh: readsHidden(viewer) }),
    { cacheKeyFn: ({ filmId, personId }) => `${filmId}:${personId}` },
  ),
})
