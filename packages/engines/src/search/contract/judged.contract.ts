import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoFilms, demoGenres } from '../judged/demo-catalogue.contract.js'
import { type Grades, ndcg } from '../judged/ndcg.contract.js'
import type { IndexLanguage, SearchIndex } from '../search-index.js'
import { everything } from './catalogue.contract.js'

const QUERIES = new URL('../judged/queries.json', import.meta.url)
const PAGE = 10

interface JudgedQuery {
  readonly language: IndexLanguage
  readonly text: string
  readonly grades: Grades
}

/** What people search a cinema for, over the demo catalogue: `floor` is the mean nDCG@10 that must be reached. */
export function describeJudged(open: () => Promise<SearchIndex>, floor: number): void {
  describe('the judged queries', () => {
    let index: SearchIndex
    let queries: JudgedQuery[]
    beforeAll(async () => {
      index = await open()
      await index.upsert('genre', await demoGenres())
      await index.upsert('film', await demoFilms())
      queries = JSON.parse(await readFile(QUERIES, 'utf8')) as JudgedQuery[]
    })

    it('are answered well', async () => {
      const judged = []
      for (const { language, text, grades } of queries) {
        const { hits } = await index.films({ ...everything, language, text, first: PAGE })
        const found = hits.map(({ id }) => id)
        judged.push({ text, grades, found, score: ndcg(found, grades, PAGE) })
      }
      const mean = judged.reduce((sum, { score }) => sum + score, 0) / judged.length
      const misses = judged
        .filter(({ score }) => score < 1)
        .toSorted((left, right) => left.score - right.score)
        .map(
          ({ text, grades, found, score }) =>
            `${score.toFixed(2)} ${text}: ${found.slice(0, 5).join(' ') || 'nothing'} instead of ${Object.keys(grades).join(' ')}`,
        )
      const figure = `nDCG@10 of ${judged.length} judged queries: ${mean.toFixed(4)}`
      process.stdout.write(`${figure}\n`)
      expect(mean, [figure, ...misses].join('\n')).toBeGreaterThanOrEqual(floor)
    }, 240_000)
  })
}
