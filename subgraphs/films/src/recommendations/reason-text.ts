import { type Language, translate } from '@cinegraph/kit/language'
import type { FilmRecord } from '../films/film.record.js'
import type { Reason } from './reason.js'
import { REASON_WORDS } from './reason-words.js'

/** A sentence without a full stop, e.g. "Same director as “Metropolis”"; who it is, `persons` tell. */
export function reasonText(reason: Reason, language: Language): string {
  const { kind, film, persons, genres, genreCount } = reason
  const words = REASON_WORDS[language]
  const following = (what: 'as' | 'with') =>
    film ? words[what](titleOf(film, language), film.type === 'TV_SHOW') : ''
  if (kind === 'BEST_RATED') return words.bestRated
  if (kind === 'SAME_CAST') return words.actors(persons.length) + following('with')
  if (kind === 'SHARED_GENRES' && genres.length !== genreCount) {
    return words.genres(genres.length, genreCount ?? genres.length) + following('with')
  }
  const [one, more] = words.same[kind]
  return (persons.length + genres.length === 1 ? one : more) + following('as')
}

const titleOf = ({ title, originalTitle }: FilmRecord, language: Language): string =>
  translate(title, language) ?? originalTitle
