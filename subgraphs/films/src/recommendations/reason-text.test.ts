import { describe, expect, it } from 'vitest'
import type { FilmRecord } from '../films/film.record.js'
import type { RecommendationReasonKind } from './reason-kind.js'
import type { Reason } from './reason.js'
import { reasonText } from './reason-text.js'

const stubs = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ id: String(number) }))
const film = (type: FilmRecord['type']): FilmRecord => ({
  ...{ id: 'a', slug: 'a', type, status: 'PUBLISHED', description: {}, tagline: {} },
  ...{ title: { en: 'Metropolis', ru: 'Метрополис' }, originalTitle: 'Metropolis' },
  ...{ originalLanguage: 'de', releaseDate: null, releaseYear: null, runtimeMinutes: null },
  ...{ ageRating: 0, countries: [], externalRating: null, creditsStartSec: null },
  ...{ requiredRole: null, hiddenWithoutRole: false, trailerUrl: null, publishAt: null },
  ...{ deletedAt: null, audience: 'everyone', version: 1 },
})

const reason = (kind: RecommendationReasonKind, given: Partial<Reason> = {}): Reason => ({
  ...{ kind, film: null, persons: [], genres: [], genreCount: null, ...given },
})
const genres = (shared: number, genreCount: number) =>
  reason('SHARED_GENRES', { genres: stubs(shared), genreCount })
const cast = (count: number) => reason('SAME_CAST', { persons: stubs(count) })
const director = reason('SAME_DIRECTOR', { persons: stubs(1) })

describe('the text of a reason', () => {
  it.each([
    [director, 'Same director', 'Тот же режиссёр'],
    [reason('SAME_WRITER', { persons: stubs(2) }), 'Same writers', 'Те же сценаристы'],
    [reason('SAME_COMPOSER', { persons: stubs(1) }), 'Same composer', 'Тот же композитор'],
    [reason('SAME_PRODUCER', { persons: stubs(3) }), 'Same producers', 'Те же продюсеры'],
    [cast(1), '1 actor in common', '1 общий актёр'],
    [cast(3), '3 actors in common', '3 общих актёра'],
    [cast(11), '11 actors in common', '11 общих актёров'],
    [cast(21), '21 actors in common', '21 общий актёр'],
    [genres(1, 4), 'Shares 1 of 4 genres', '1 общий жанр из 4'],
    [genres(3, 4), 'Shares 3 of 4 genres', '3 общих жанра из 4'],
    [genres(5, 6), 'Shares 5 of 6 genres', '5 общих жанров из 6'],
    [genres(1, 1), 'Same genre', 'Тот же жанр'],
    [genres(3, 3), 'Same genres', 'Те же жанры'],
    [reason('BEST_RATED'), 'Among the highest rated', 'Среди лучших по рейтингу'],
  ])('is a sentence: %#', (given, english, russian) => {
    expect(reasonText(given, 'en')).toBe(english)
    expect(reasonText(given, 'ru')).toBe(russian)
  })

  it.each([
    [director, 'Same director as “Metropolis”', 'Тот же режиссёр, что у фильма «Метрополис»'],
    [cast(2), '2 actors in common with “Metropolis”', '2 общих актёра с фильмом «Метрополис»'],
    [
      genres(3, 4),
      'Shares 3 of 4 genres with “Metropolis”',
      '3 общих жанра из 4 с фильмом «Метрополис»',
    ],
  ])('names the film: %#', (given, english, russian) => {
    const like = { ...given, film: film('MOVIE') }
    expect(reasonText(like, 'en')).toBe(english)
    expect(reasonText(like, 'ru')).toBe(russian)
  })

  it('says of a series that it is one', () => {
    const like = (given: Reason) => reasonText({ ...given, film: film('TV_SHOW') }, 'ru')
    expect(like(director)).toBe('Тот же режиссёр, что у сериала «Метрополис»')
    expect(like(cast(5))).toBe('5 общих актёров с сериалом «Метрополис»')
  })
})
