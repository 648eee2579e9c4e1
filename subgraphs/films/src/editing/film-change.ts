import { AppError } from '@cinegraph/kit/errors'
import { Language, type Translations } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import { BLANK, type FilmState } from './film-state.js'
import type { FilmChange, NewFilm } from './film.rules.js'

/**
 * The film with the change. `argument` names what the client sent in the BAD_USER_INPUT that it throws for fields that
 * contradict each other. Throws CONFLICT for a series that would be a movie and has seasons.
 */
export function changed(state: FilmState, change: FilmChange, argument: string): FilmState {
  const { translations, releaseDate, ...fields } = change
  const year = releaseDate == null ? {} : { releaseYear: yearOf(releaseDate) }
  const after = {
    ...state,
    ...year,
    ...withoutAbsent({ releaseDate, ...fields }),
    ...withTexts(state, translations),
  }
  validate(coherent, after, argument)
  if (after.type === 'MOVIE' && Object.keys(after.seasons).length > 0) {
    const message = 'A film with seasons cannot be a movie: delete its seasons first.'
    throw new AppError('CONFLICT', message, { argument: [argument, 'type'] })
  }
  return after
}

/** Without a slug where none is given. Throws BAD_USER_INPUT as `changed` does. */
export function created(given: NewFilm): FilmState {
  const { type, originalLanguage, ageRating } = given
  const title = withTexts(BLANK, given.translations).title
  const original = originalLanguage === Language.RU ? title.ru : title.en
  const originalTitle = original ?? title.en ?? title.ru ?? ''
  const blank = { ...BLANK, slug: '', type, originalLanguage, ageRating, originalTitle }
  return changed(blank, given, 'input')
}

const yearOf = (date: string) => Number(date.slice(0, 4))

/** `undefined` says nothing, while null says that there is none. */
export const withoutAbsent = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

type Column = 'title' | 'description' | 'tagline'
type TextChange = { readonly [C in Column]?: string | null | undefined }
type TextChanges = { readonly [L in Language]?: TextChange | null | undefined }
type Texts = { readonly [C in Column]?: Translations }

/** The texts of `state` with the change, language by language; null takes a language away. */
export function withTexts<S extends Texts>(
  state: S,
  changes: TextChanges = {},
): Pick<S, Column & keyof S> {
  const columns = (['title', 'description', 'tagline'] as const).filter((it) => it in state)
  return Object.fromEntries(
    columns.map((column) => {
      const texts = Object.values(Language).flatMap((language) => {
        const change = changes[language]
        const given = change === null ? null : change?.[column]
        const text = given === undefined ? state[column]?.[language] : given
        return text == null ? [] : [[language, text]]
      })
      return [column, Object.fromEntries(texts)]
    }),
  ) as Pick<S, Column & keyof S>
}

/** Languages that have a text but no title. */
export const untitled = ({ title = {}, ...others }: Texts): Language[] =>
  Object.values(Language).filter(
    (language) =>
      title[language] === undefined &&
      Object.values(others).some((texts: Translations) => texts[language] !== undefined),
  )

export const NEEDS_TITLE = 'must come with a title in the same language'

/** What is wrong with when the credits start; undefined when nothing is known to be. */
export function creditsProblem({
  creditsStartSec,
  runtimeMinutes,
}: Pick<FilmState, 'creditsStartSec' | 'runtimeMinutes'>): string | undefined {
  if (creditsStartSec === null || runtimeMinutes === null) return undefined
  const end = runtimeMinutes * 60
  return creditsStartSec <= end ? undefined : `must be within the running time, up to ${end}`
}

/** What fields of one film have to do with each other. */
const coherent = z.custom<FilmState>().superRefine((film, context) => {
  const refuse = (path: string[], message: string) =>
    context.addIssue({ code: 'custom', path, message })
  const { title, description, tagline, releaseDate, releaseYear } = film
  if (Object.keys(title).length === 0) {
    refuse(['translations'], 'must have a title in one language at least')
  }
  for (const language of untitled({ title, description, tagline })) {
    refuse(['translations', language], NEEDS_TITLE)
  }
  if (releaseDate !== null && releaseYear !== yearOf(releaseDate)) {
    refuse(['releaseYear'], `must be the year of releaseDate, ${yearOf(releaseDate)}`)
  }
  const credits = creditsProblem(film)
  if (credits) refuse(['creditsStartSec'], credits)
  if (film.hiddenWithoutRole && film.requiredRole === null) {
    refuse(['hiddenWithoutRole'], 'needs requiredRole')
  }
})
