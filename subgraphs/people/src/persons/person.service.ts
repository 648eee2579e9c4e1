import type { NamedHit, NameQuery, SearchIndex } from '@cinegraph/engines/search/search-index'
import { type Lookup, lookupKey } from '@cinegraph/kit/lookup'
import { type Edge, type Page, pageSize } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import { z } from 'zod'
import type { PeopleContext } from '../context.js'
import { viewerAudiences } from '../viewer-audiences.js'
import type { PersonLoader } from './person.loader.js'
import type { StoredPerson, PersonRepository } from './person.repository.js'

export interface PersonsQuery extends Pick<NameQuery, 'sort' | 'language' | 'first'> {
  text?: string | null
  after?: string | null
}

const name = z.string().trim().max(200, 'must have at most 200 characters')

export class PersonService {
  constructor(
    private readonly repository: PersonRepository,
    private readonly search: SearchIndex,
  ) {}

  /** Throws BAD_USER_INPUT unless exactly one of id and slug is given. */
  async find(given: Lookup, persons: PersonLoader): Promise<StoredPerson | null> {
    const key = lookupKey(given)
    if (!key) return null
    return 'id' in key ? persons.load(key.id) : this.repository.findBySlug(key.slug)
  }

  /** Throws BAD_USER_INPUT for a text that is too long, `first` outside 1 to 100, or a foreign cursor. */
  async list(query: PersonsQuery, { viewer, loaders }: PeopleContext): Promise<Page<StoredPerson>> {
    const { sort, language, after } = query
    const text = validate(name, query.text ?? '', 'text')
    const matching = { language, ...(text === '' ? {} : { text }) }
    const { hits, hasNextPage } = await this.search.persons({
      ...matching,
      sort,
      ...(sort === 'FILM_COUNT' ? { audiences: await viewerAudiences(this.search, viewer) } : {}),
      first: pageSize(query.first),
      ...(after == null ? {} : { after }),
    })
    return {
      // a row may be gone while the index still holds its document
      edges: await edgesOf(hits, loaders.person),
      endCursor: hits.at(-1)?.cursor ?? null,
      hasNextPage,
      hasPreviousPage: after != null,
      count: () => this.search.personCount(matching),
    }
  }
}

/** Each person once: that somebody was merged into another, the index may not know yet. */
async function edgesOf(
  hits: readonly NamedHit[],
  persons: PersonLoader,
): Promise<Edge<StoredPerson>[]> {
  const found = await Promise.all(hits.map(({ id }) => persons.load(id)))
  const edges = new Map<string, Edge<StoredPerson>>()
  for (const [index, { cursor }] of hits.entries()) {
    const node = found[index]
    if (node && !edges.has(node.id)) edges.set(node.id, { node, cursor })
  }
  return [...edges.values()]
}
