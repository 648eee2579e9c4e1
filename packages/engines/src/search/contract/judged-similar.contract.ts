import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoFilms } from '../judged/demo-catalogue.contract.js'
import type { SearchIndex } from '../search-index.js'
import { EVERYONE } from './catalogue.contract.js'

const JUDGED = JSON.parse(
  await readFile(new URL('../judged/similar.json', import.meta.url), 'utf8'),
) as Record<string, string[]>

/** Films of the demo catalogue, each with those that somebody who liked it expects among the first five. */
export function describeJudgedSimilar(open: () => Promise<SearchIndex>): void {
  describe('what is similar by judgement', () => {
    let index: SearchIndex
    beforeAll(async () => {
      index = await open()
      await index.upsert('film', await demoFilms())
    })

    it.each(Object.entries(JUDGED))('is found for %s', async (film, expected) => {
      const { hits } = await index.similarFilms({ to: [film], filter: EVERYONE, first: 5 })
      expect(hits.map(({ id }) => id)).toEqual(expect.arrayContaining(expected))
    })
  })
}
