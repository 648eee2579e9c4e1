import { describe, expect, it } from 'vitest'
import { lookupKey, parseId } from './lookup.js'

const ID = '0b6f1c1e-6f0e-5a53-9f3c-3a3a0d6f2b11'

describe('lookupKey', () => {
  it('reads an id in the form the database writes', () => {
    expect(lookupKey({ id: ID.toUpperCase(), slug: null })).toEqual({ id: ID })
  })

  it('reads a slug', () => {
    expect(lookupKey({ slug: 'buster-keaton' })).toEqual({ slug: 'buster-keaton' })
  })

  it.each([{ id: 'nonsense' }, { slug: '' }, { slug: 'nul\u0000' }, { slug: 'x'.repeat(201) }])(
    'finds nothing under %o',
    (given) => {
      expect(lookupKey(given)).toBeUndefined()
    },
  )

  it.each([{}, { id: null, slug: null }, { id: ID, slug: 'buster-keaton' }])(
    'refuses %o',
    (given) => {
      expect(() => lookupKey(given)).toThrow('Give either id or slug.')
    },
  )
})

describe('parseId', () => {
  it('takes any version of uuid, and nothing around it', () => {
    expect(parseId('00000000-0000-0000-0000-000000000001')).toBeDefined()
    expect(parseId(`{${ID}}`)).toBeUndefined()
  })
})
