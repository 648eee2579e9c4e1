import { describe, expect, it } from 'vitest'
import {
  type CreditLink,
  type FilmRow,
  projectFilm,
  projectGenre,
  projectPerson,
} from './project.js'

const film: FilmRow = {
  id: 'f1',
  audience: 'role:subscriber',
  status: 'PUBLISHED',
  type: 'MOVIE',
  title: { en: 'Metropolis', ru: 'Метрополис' },
  originalTitle: 'Metropolis',
  description: { en: 'A city of two levels.' },
  releaseDate: '1927-01-10',
  releaseYear: 1927,
  ageRating: 12,
  countries: ['DE'],
  externalRating: 8.3,
  seasons: null,
}
const drama = { id: 'g1', name: { en: 'Drama' } }
const lang = { personId: 'p1', role: 'DIRECTOR', character: null, name: { en: 'Fritz Lang' } }
const wieth = { personId: 'p2', role: 'DIRECTOR', character: null, name: { en: 'Mads Wieth' } }
const helm = { personId: 'p3', role: 'ACTOR', character: 'Maria', name: { en: 'Brigitte Helm' } }

const credited = (link: CreditLink, ...characters: string[]) => ({
  ...{ personId: link.personId, role: link.role, characters, name: link.name },
})

describe('projectFilm', () => {
  it('holds the film, its genres and every credit', () => {
    const document = projectFilm({ ...film, genres: [drama], credits: [lang, wieth, helm] }, 7)
    expect(document).toEqual({
      ...film,
      version: 7,
      genres: [drama],
      credits: [credited(lang), credited(wieth), credited(helm, 'Maria')],
    })
  })

  it('has an actor of two characters once with both, and a person of two roles twice', () => {
    const writer = { ...lang, role: 'WRITER' }
    const machine = { ...helm, character: 'The machine' }
    const extra = { ...helm, character: null }
    const document = projectFilm(
      { ...film, genres: [drama, drama], credits: [helm, lang, machine, extra, writer] },
      1,
    )
    expect(document.genres).toEqual([drama])
    expect(document.credits).toEqual([
      credited(helm, 'Maria', 'The machine'),
      credited(lang),
      credited(writer),
    ])
  })

  it('lets nothing else of a row into the index', () => {
    const row = { ...film, requiredRole: 'subscriber', slug: 'metropolis-1927' }
    const document = projectFilm({ ...row, genres: [], credits: [] }, 1)
    expect(Object.keys(document).sort()).toEqual(
      [...Object.keys(film), 'credits', 'genres', 'version'].sort(),
    )
  })
})

describe('projectPerson and projectGenre', () => {
  it('add the version and nothing else', () => {
    const person = { id: 'p1', name: { en: 'Fritz Lang' }, birthDate: '1890-12-05' }
    const genre = { id: 'g1', slug: 'drama', name: { en: 'Drama' } }
    expect(projectPerson(person, 3)).toEqual({ ...person, version: 3 })
    expect(projectGenre(genre, 4)).toEqual({ ...genre, version: 4 })
  })
})
