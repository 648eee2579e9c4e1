import { expect, test } from 'vitest'
import { FilmEpisodes } from './film-episodes.js'
import type { EpisodeRecord } from './season.record.js'

test('the neighbours of all episodes are found without looking through the others', () => {
  let reads = 0
  const all = Array.from({ length: 1_000 }, (_, index) => ({
    get id() {
      reads++
      return String(index)
    },
    seasonNumber: Math.floor(index / 100),
    number: index % 100,
  })) as unknown as EpisodeRecord[]
  const episodes = new FilmEpisodes(all)
  const next = all.map((it) => episodes.neighbourOf(it, 1))
  const previous = all.map((it) => episodes.neighbourOf(it, -1))
  expect(reads).toBeLessThanOrEqual(3 * all.length)
  // specials, the first hundred, are a line of their own
  expect(next).toEqual(all.map((_, index) => (index === 99 ? null : (all[index + 1] ?? null))))
  expect(previous).toEqual(all.map((_, index) => (index === 100 ? null : (all[index - 1] ?? null))))
})
