import { expect, it } from 'vitest'
import { examplesIn } from './explorer-examples.js'

it('each operation is an example, with the comments above it', () => {
  const text = '# first\nquery A { a }\n\n# second\n# and more\n{ b }\n'
  expect(examplesIn(text)).toEqual(['# first\nquery A { a }', '# second\n# and more\n{ b }'])
})

it('without a text there is one example that fits every schema', () => {
  expect(examplesIn(undefined)).toHaveLength(1)
  expect(examplesIn('  ')[0]).toContain('__schema')
})
