import { expect, it } from 'vitest'
import { TagIndex } from './tag-index.js'

it('finds the keys of a tag until they are removed, and then holds nothing', () => {
  const index = new TagIndex()
  index.add('page', ['film:1', 'person:7'])
  index.add('list', ['film:1'])
  expect(index.keysOf('film:1')).toEqual(['page', 'list'])
  index.remove('page', ['film:1', 'person:7'])
  expect(index.keysOf('film:1')).toEqual(['list'])
  expect(index.keysOf('person:7')).toEqual([])
  index.remove('list', ['film:1'])
  expect(index.size).toBe(0)
})
