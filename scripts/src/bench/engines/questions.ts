import type { FilmQuery, SearchIndex } from '@cinegraph/engines/search/search-index'
import type { Samples } from '../catalogue/operations.js'
import type { Question } from '../recorded.js'

const audiences = ['everyone']
const PAGE = 20

/** What readers ask an index for, by what it is called. */
export function questionsTo(
  index: SearchIndex,
  { commonWords, rareWords, persons, genreIds }: Samples,
): Record<string, Question[]> {
  const films = async (query: Pick<FilmQuery, 'text' | 'sort'>, genreId?: string) => {
    const filter = { audiences, ...(genreId !== undefined && { genreIds: [genreId] }) }
    return idsOf((await index.films({ language: 'en', first: PAGE, filter, ...query })).hits)
  }
  const newest = { field: 'RELEASE_DATE', direction: 'DESC' } as const
  const best = { field: 'RELEVANCE', direction: 'DESC' } as const
  const suggest = async (prefix: string) =>
    idsOf(await index.suggest({ prefix, language: 'en', audiences, limit: 10 }))
  const texts = [...commonWords, ...rareWords, ...persons]
  return {
    'a text': texts.map((text) => () => films({ text, sort: best })),
    'a page of the newest': [() => films({ sort: newest })],
    'a page of a genre': genreIds.map((id) => () => films({ sort: newest }, id)),
    suggestions: texts.map((text) => () => suggest(text.slice(0, 4))),
  }
}

const idsOf = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id)
