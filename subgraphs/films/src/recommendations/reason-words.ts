import type { Language } from '@cinegraph/kit/language'
import type { RecommendationReasonKind } from './reason-kind.js'

type SameKind = Exclude<RecommendationReasonKind, 'SAME_CAST' | 'BEST_RATED'>

/** What sentences about reasons are made of, in one language. */
interface ReasonWords {
  /** For one, and for more. */
  readonly same: Readonly<Record<SameKind, readonly [one: string, more: string]>>
  readonly actors: (count: number) => string
  readonly genres: (shared: number, total: number) => string
  readonly bestRated: string
  /** What follows `same`. */
  readonly as: (title: string, isSeries: boolean) => string
  /** What follows `actors` and `genres`. */
  readonly with: (title: string, isSeries: boolean) => string
}

type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

/** The number and what is counted, in its plural form: one that is not given is `other`. */
function counted(language: Language, forms: Forms & { readonly other: string }) {
  const rules = new Intl.PluralRules(language)
  return (count: number) => `${count} ${forms[rules.select(count)] ?? forms.other}`
}

const sharedGenres = counted('ru', {
  ...{ one: 'общий жанр', few: 'общих жанра', other: 'общих жанров' },
})

export const REASON_WORDS: Readonly<Record<Language, ReasonWords>> = {
  en: {
    same: {
      SAME_DIRECTOR: ['Same director', 'Same directors'],
      SAME_WRITER: ['Same writer', 'Same writers'],
      SAME_COMPOSER: ['Same composer', 'Same composers'],
      SAME_PRODUCER: ['Same producer', 'Same producers'],
      SHARED_GENRES: ['Same genre', 'Same genres'],
    },
    actors: counted('en', { one: 'actor in common', other: 'actors in common' }),
    genres: (shared, total) => `Shares ${shared} of ${total} genres`,
    bestRated: 'Among the highest rated',
    as: (title) => ` as “${title}”`,
    with: (title) => ` with “${title}”`,
  },
  ru: {
    same: {
      SAME_DIRECTOR: ['Тот же режиссёр', 'Те же режиссёры'],
      SAME_WRITER: ['Тот же сценарист', 'Те же сценаристы'],
      SAME_COMPOSER: ['Тот же композитор', 'Те же композиторы'],
      SAME_PRODUCER: ['Тот же продюсер', 'Те же продюсеры'],
      SHARED_GENRES: ['Тот же жанр', 'Те же жанры'],
    },
    actors: counted('ru', { one: 'общий актёр', few: 'общих актёра', other: 'общих актёров' }),
    genres: (shared, total) => `${sharedGenres(shared)} из ${total}`,
    bestRated: 'Среди лучших по рейтингу',
    // beside a noun in its case a title stays as it is
    as: (title, isSeries) => `, что у ${isSeries ? 'сериала' : 'фильма'} «${title}»`,
    with: (title, isSeries) => ` с ${isSeries ? 'сериалом' : 'фильмом'} «${title}»`,
  },
}
