import type { FilmQuery } from '../search-index.js'
import type { SortKey } from './page.js'

const NO_DATE = { ASC: '~', DESC: '!' }
// JSON has no infinity
const NO_RATING = { ASC: 1e9, DESC: -1e9 }

/** Mixes the bits of the film's own number with the seed, as SplitMix64 does; a double holds 53 of them exactly. */
const SHUFFLE = `
long x = doc['lot'].value + (params.seed + 1L) * -7046029254386353131L;
x = (x ^ (x >>> 30)) * -4658895280553007687L;
x = (x ^ (x >>> 27)) * -7723592293110705685L;
return (double) ((x ^ (x >>> 31)) >>> 11);`

export function sortOf({ text = '', sort, language }: FilmQuery): SortKey {
  const relevantToNothing = sort.field === 'RELEVANCE' && text.trim() === ''
  const {
    field,
    direction,
    seed = 0,
  } = relevantToNothing ? ({ field: 'RELEASE_DATE', direction: 'DESC' } as const) : sort
  switch (field) {
    case 'TITLE':
      return { ...ofField(`order.${language}`), type: 'text', direction }
    case 'RELEASE_DATE':
      return { ...ofField('release_date', NO_DATE[direction]), type: 'text', direction }
    case 'EXTERNAL_RATING':
      return { ...ofField('external_rating', NO_RATING[direction]), type: 'float8', direction }
    case 'RANDOM': {
      const script = { source: SHUFFLE, params: { seed } }
      return {
        sort: (order) => ({ _script: { type: 'number', script, order } }),
        type: 'float8',
        direction,
      }
    }
    case 'RELEVANCE':
      return { sort: (order) => ({ _score: { order } }), type: 'float8', direction }
  }
}

const ofField = (field: string, missing?: string | number): Pick<SortKey, 'sort'> => ({
  sort: (order) => ({ [field]: { order, ...(missing !== undefined && { missing }) } }),
})
