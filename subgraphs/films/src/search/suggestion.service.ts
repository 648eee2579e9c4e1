import type {
  DocumentKind,
  Suggestion as IndexSuggestion,
} from '@cinegraph/engines/search/search-index'
import type { Language } from '@cinegraph/kit/language'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { FilmsContext } from '../context.js'
import type { FilmRecord } from '../films/film.record.js'
import type { CatalogueReader } from './catalogue-reader.js'

export const SUGGEST_LIMITS = { prefix: 100, default: 8, most: 20 } as const

export const SuggestionKind = { FILM: 'FILM', PERSON: 'PERSON', GENRE: 'GENRE' } as const
export type SuggestionKind = (typeof SuggestionKind)[keyof typeof SuggestionKind]

export type SuggestedEntity =
  (FilmRecord & { __typename: 'Film' }) | { __typename: 'Person' | 'Genre'; id: string }

export interface SuggestionRecord {
  readonly kind: SuggestionKind
  readonly text: string
  readonly entity: SuggestedEntity
}

const prefixSchema = z
  .string()
  .max(SUGGEST_LIMITS.prefix, `must have at most ${SUGGEST_LIMITS.prefix} characters`)
const limitMessage = `must be between 1 and ${SUGGEST_LIMITS.most}`
const limitSchema = z.number().min(1, limitMessage).max(SUGGEST_LIMITS.most, limitMessage)

const KINDS = { film: 'FILM', person: 'PERSON', genre: 'GENRE' } as const satisfies Record<
  DocumentKind,
  SuggestionKind
>

export class SuggestionService {
  constructor(private readonly catalogue: CatalogueReader) {}

  /** Best first. A film that the index still suggests but that the viewer may no longer see is left out. */
  async suggest(
    query: { prefix: string; language: Language; limit: number },
    { audiences, loaders }: FilmsContext,
  ): Promise<SuggestionRecord[]> {
    const prefix = validate(prefixSchema, query.prefix, 'prefix').trim()
    const limit = validate(limitSchema, query.limit, 'limit')
    if (prefix === '') return []
    const { language } = query
    const found = await this.catalogue.suggest({
      prefix,
      language,
      limit,
      audiences: await audiences(),
    })
    const entities = await Promise.all(found.map((it) => entityOf(it, loaders)))
    return found.flatMap(({ kind, text }, index) => {
      const entity = entities[index]
      return entity ? [{ kind: KINDS[kind], text, entity }] : []
    })
  }
}

async function entityOf(
  { kind, id }: IndexSuggestion,
  { film }: FilmsContext['loaders'],
): Promise<SuggestedEntity | null> {
  if (kind === 'person') return { __typename: 'Person', id }
  if (kind === 'genre') return { __typename: 'Genre', id }
  const record = await film.load(id)
  return record && { ...record, __typename: 'Film' }
}
