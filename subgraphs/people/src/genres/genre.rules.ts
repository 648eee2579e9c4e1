import { inLanguages, line, prose, slug } from '@cinegraph/kit/catalogue-text'
import { z } from 'zod'
import { checkNamed, kept } from '../editing/texts.rules.js'
import type { StoredGenre } from './genre.repository.js'

export const MAX_GENRE_NAME_LENGTH = 60
export const MAX_GENRE_DESCRIPTION_LENGTH = 1_000

const name = line(MAX_GENRE_NAME_LENGTH)
const description = prose(MAX_GENRE_DESCRIPTION_LENGTH).nullish()

/** Null is the same as absent. */
export const newGenre = z.object({
  slug: slug.nullish(),
  translations: inLanguages(z.object({ name: name.nullish(), description })),
})
/** What is absent stays as it is; null clears what may be missing. */
export const genreChange = z.object({
  slug: kept(slug),
  translations: kept(inLanguages(z.object({ name: kept(name), description }))),
})

/** What has to be true of a genre as a whole. */
export const wholeGenre = z
  .custom<Pick<StoredGenre, 'name' | 'description'>>()
  .superRefine(({ name, description }, context) => {
    checkNamed({ name, text: description }, context)
  })
