import { describe, expect, it } from 'vitest'
import { line, prose, slug } from './catalogue-text.js'

const problemOf = (schema: ReturnType<typeof line>, given: string) =>
  schema.safeParse(given).error?.issues[0]?.message

describe('line', () => {
  it.each([
    ['  8½ ', '8½'],
    ['Amélie', 'Amélie'],
    ['Ёлки', 'Ёлки'],
    ['🎬', '🎬'],
  ])('makes of %j %j', (given, kept) => {
    expect(line(20).parse(given)).toBe(kept)
  })

  it.each([
    ['   ', 'must not be empty'],
    ['x'.repeat(21), 'must have at most 20 characters'],
    ['two\nlines', 'may not hold control characters'],
    ['\0', 'may not hold control characters'],
    ['A\uFFFDmelie', 'holds a character that was lost on its way here (\uFFFD)'],
    ['\ud83c', 'may not hold half of a character'],
  ])('refuses %j: %s', (given, problem) => {
    expect(problemOf(line(20), given)).toBe(problem)
  })
})

describe('prose', () => {
  it('keeps lines, whatever ends them', () => {
    expect(prose(20).parse('one\r\n\ntwo\tthree')).toBe('one\n\ntwo\tthree')
  })

  it('refuses what is no text', () => {
    expect(problemOf(prose(20), 'one\0')).toBe('may not hold control characters')
  })
})

describe('slug', () => {
  it.each(['metropolis-1927', 'm', '42'])('takes %j', (given) => {
    expect(slug.parse(given)).toBe(given)
  })

  it.each(['', 'Metropolis', '-m', 'm-', 'm--n', 'метрополис', 'm'.repeat(101)])(
    'refuses %j',
    (given) => {
      expect(slug.safeParse(given).success).toBe(false)
    },
  )
})
