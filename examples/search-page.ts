/**
 * Prints a search page: the first two pages of what was found and why, and the filters that narrow it down.
 *
 *     npm run example:search -- "chaplin" ru
 */
import {
  type FilmFacetName,
  type FilterGroupFragment,
  type FoundFilmFragment,
  type Language,
  SearchPageDocument,
  SearchResultsDocument,
} from '@cinegraph/sdk'
import { visit } from './terminal.js'
import { countryName, type Fact, facts, filmLine, nothingFound, sections } from './wording.js'

const FIRST = 10

const LABELS: Record<FilmFacetName, readonly [russian: string, english: string]> = {
  AGE_RATING: ['Возраст', 'Age'],
  COUNTRY: ['Страны', 'Countries'],
  GENRE: ['Жанры', 'Genres'],
  RATING: ['Рейтинг', 'Rating'],
  TYPE: ['Вид', 'Kind'],
  YEAR: ['Годы', 'Years'],
}

await visit('chaplin', async ({ client, text, language }) => {
  const search = { text, language, first: FIRST }
  const { searchFilms: found } = await client.request(SearchPageDocument, search)
  if (!found?.totalCount) return nothingFound(search)
  const { totalCount, didYouMean, edges, facets: groups, pageInfo } = found
  if (pageInfo.hasNextPage) {
    // a frontend does so when its viewer has scrolled down
    const next = { ...search, after: pageInfo.endCursor }
    const { searchFilms: more } = await client.request(SearchResultsDocument, next)
    edges.push(...(more?.edges ?? []))
  }
  return sections(
    facts(language, [
      ['Найдено фильмов', 'Films found', totalCount.toString()],
      ['По запросу', 'Results for', didYouMean],
    ]),
    edges.map(entry).join('\n'),
    facts(
      language,
      groups.map((group) => filterGroup(group, language)),
    ),
  )
})

/** A film, and below it the first of what matched, with the matches in brackets. */
function entry({ node, highlights: [best] }: FoundFilmFragment): string {
  const match = best?.fragments.map(({ text, matched }) => (matched ? `[${text}]` : text)).join('')
  return [filmLine(node), match && `        ${match}`].filter(Boolean).join('\n')
}

/** A group of the filter panel: its five most frequent values. */
function filterGroup({ name, buckets }: FilterGroupFragment, language: Language): Fact {
  const values = buckets
    .slice(0, 5)
    .map((bucket) => `${valueOf(name, bucket, language)} (${bucket.count})`)
  return [...LABELS[name], values.join(', ')]
}

type Bucket = FilterGroupFragment['buckets'][number]

function valueOf(name: FilmFacetName, { value, genre }: Bucket, language: Language): string {
  switch (name) {
    case 'GENRE':
      return genre?.name ?? value
    case 'COUNTRY':
      return countryName(value, language)
    case 'AGE_RATING':
      return `${value}+`
    case 'RATING':
      return `${value}–${Number(value) + 1}`
    case 'TYPE':
      return kindOf(value, language)
    case 'YEAR':
      return value
  }
}

function kindOf(type: string, language: Language): string {
  if (language === 'RU') return type === 'MOVIE' ? 'фильм' : 'сериал'
  return type === 'MOVIE' ? 'movie' : 'series'
}
