import type { Edit } from '../editing/edit.js'
import { type FilmRelinking, type Linked, linksEdit } from './film-links.js'
import type { FilmLinksRepository } from './film-links.repository.js'

/** Counts up the versions of the links of those films in which something differs; the links themselves the caller writes. */
export async function relink(
  links: FilmLinksRepository,
  films: readonly FilmRelinking[],
  action: string,
): Promise<Edit[]> {
  const edits = films.flatMap((film) => linksEdit(film, action) ?? [])
  if (edits.length > 0) await links.countUp(edits.map(({ id }) => id))
  return edits
}

/** What becomes of the films that a person or a genre is taken from; locks their links. */
export async function unlinking(
  links: FilmLinksRepository,
  linked: Linked,
): Promise<FilmRelinking[]> {
  const versions = [...(await links.lockFilmsOf(linked))]
  const filmIds = versions.map(([filmId]) => filmId)
  if ('personId' in linked) {
    const credits = await links.creditsOf(filmIds, [linked.personId])
    return versions.map(([filmId, version]) => {
      return { filmId, version, before: { credits: credits.get(filmId) ?? [] }, after: {} }
    })
  }
  const genres = await links.genresOf(filmIds)
  return versions.map(([filmId, version]) => {
    const genreIds = genres.get(filmId) ?? []
    const others = genreIds.filter((id) => id !== linked.genreId)
    return { filmId, version, before: { genreIds }, after: { genreIds: others } }
  })
}
