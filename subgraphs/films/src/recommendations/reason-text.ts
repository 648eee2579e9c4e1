import { type Language, translate } from '@cinegraph/kit/language'
import type { FilmRecord } from '../films/film.record.js'
import type { Reason } from './reason.js'

/** A sentence without a full stop, e.g. "Same director as “Metropolis”"; who it is, `persons` tell. */
export const reasonText = (reason: Reason, language: Language): string =>
  language === 'ru' ? inRussian(reason) : inEnglish(reason)

const titleOf = ({ title, originalTitle }: FilmRecord, language: Language): string =>
  translate(title, language) ?? originalTitle

const manyInEnglish = (count: number, one: string) => (count === 1 ? one : `${one}s`)

function inEnglish({ kind, film, persons, genres, genreCount }: Reason): string {
  const title = film && `“${titleOf(film, 'en')}”`
  const same = (what: string, count: number) =>
    `Same ${manyInEnglish(count, what)}${title ? ` as ${title}` : ''}`
  const with_ = title ? ` with ${title}` : ''
  const shared = genres.length
  switch (kind) {
    case 'SAME_DIRECTOR':
      return same('director', persons.length)
    case 'SAME_WRITER':
      return same('writer', persons.length)
    case 'SAME_COMPOSER':
      return same('composer', persons.length)
    case 'SAME_PRODUCER':
      return same('producer', persons.length)
    case 'SAME_CAST':
      return `${persons.length} ${manyInEnglish(persons.length, 'actor')} in common${with_}`
    case 'SHARED_GENRES':
      return shared === genreCount
        ? same('genre', shared)
        : `Shares ${shared} of ${genreCount} genres${with_}`
    case 'BEST_RATED':
      return 'Among the highest rated'
  }
}

const PLURALS = new Intl.PluralRules('ru')
type Forms = readonly [one: string, few: string, many: string]
const SHARED_ACTORS: Forms = ['общий актёр', 'общих актёра', 'общих актёров']
const SHARED_GENRES: Forms = ['общий жанр', 'общих жанра', 'общих жанров']

function counted(count: number, [one, few, many]: Forms): string {
  const rule = PLURALS.select(count)
  return `${count} ${rule === 'one' ? one : rule === 'few' ? few : many}`
}

function inRussian({ kind, film, persons, genres, genreCount }: Reason): string {
  const isSeries = film?.type === 'TV_SHOW'
  const title = film && `«${titleOf(film, 'ru')}»`
  const same = (one: string, many: string, count: number) =>
    `${count === 1 ? `Тот же ${one}` : `Те же ${many}`}${title ? `, что у ${isSeries ? 'сериала' : 'фильма'} ${title}` : ''}`
  const with_ = title ? ` с ${isSeries ? 'сериалом' : 'фильмом'} ${title}` : ''
  const shared = genres.length
  switch (kind) {
    case 'SAME_DIRECTOR':
      return same('режиссёр', 'режиссёры', persons.length)
    case 'SAME_WRITER':
      return same('сценарист', 'сценаристы', persons.length)
    case 'SAME_COMPOSER':
      return same('композитор', 'композиторы', persons.length)
    case 'SAME_PRODUCER':
      return same('продюсер', 'продюсеры', persons.length)
    case 'SAME_CAST':
      return `${counted(persons.length, SHARED_ACTORS)}${with_}`
    case 'SHARED_GENRES':
      return shared === genreCount
        ? same('жанр', 'жанры', shared)
        : `${counted(shared, SHARED_GENRES)} из ${genreCount}${with_}`
    case 'BEST_RATED':
      return 'Среди лучших по рейтингу'
  }
}
