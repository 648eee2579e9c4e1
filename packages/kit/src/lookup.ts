import { z } from 'zod'
import { AppError } from './errors.js'

const uuid = z.guid()
const SLUG = /^[\w-]{1,200}$/

/** The id as the database writes it, or undefined when nothing can have it: such an id is absent, not an error. */
export const parseId = (id: string): string | undefined =>
  uuid.safeParse(id).success ? id.toLowerCase() : undefined

/** What a client names one thing by: exactly one of the two. */
export interface Lookup {
  readonly id?: string | null
  readonly slug?: string | null
}

export type LookupKey = { readonly id: string } | { readonly slug: string }

/**
 * Reads the arguments of a field that finds one thing by `id` or by `slug`; undefined when nothing can have that key.
 * Throws BAD_USER_INPUT unless exactly one is given.
 */
export function lookupKey({ id, slug }: Lookup): LookupKey | undefined {
  if ((id == null) === (slug == null)) {
    throw new AppError('BAD_USER_INPUT', 'Give either id or slug.', { argument: ['id'] })
  }
  if (id != null) {
    const parsed = parseId(id)
    return parsed === undefined ? undefined : { id: parsed }
  }
  return slug != null && SLUG.test(slug) ? { slug } : undefined
}
