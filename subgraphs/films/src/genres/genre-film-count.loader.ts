import DataLoader from 'dataloader'
import type { CatalogueReader } from '../search/catalogue-reader.js'

/** One question to the index however many genres are asked for. */
export const createGenreFilmCountLoader = (
  catalogue: Pick<CatalogueReader, 'filmCountsByGenre'>,
  audiences: () => Promise<readonly string[]>,
): DataLoader<string, number> =>
  new DataLoader(async (ids) => {
    const counts = await catalogue.filmCountsByGenre(ids, await audiences())
    return ids.map((id) => counts.get(id) ?? 0)
  })
