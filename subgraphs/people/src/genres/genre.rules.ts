import { slug } from '@cinegraph/kit/catalogue-text'
import { z } from 'zod'
import { checkNamed, names, texts } from '../editing/texts.rules.js'
import type { StoredGenre } from './genre.repository.js'

export const MAX_GENRE_NAME_LENGTH = 60
export const MAX_GENRE_DESCRIPTION_LENGTH = 1_000

const name = names(MAX_GENRE_NAME_LENGTH)
const description = texts(MAX_GENRE_DESCRIPTION_LENGTH).nullish()

export const newGenre = z.object({ slug: slug.nullish(), name, description })
/** What is absent stays as it is; null clears what may be missing. */
export const genreChange = z.object({ slug: slug.optional(), name: name.optional(), description })

/** What has to be true of a genre as a whole. */
export const wholeGenre = z
  .custom<Pick<StoredGenre, 'name' | 'description'>>()
  .superRefine(({ name, description }, context) => {
    checkNamed({ name, text: description }, 'description', context)
  })
