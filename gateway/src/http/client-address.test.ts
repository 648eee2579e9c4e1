import { expect, it } from 'vitest'
import { addressOf } from './client-address.js'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:65535', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['[::ffff:203.0.113.7]:80', '203.0.113.7'],
  ['2001:0DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%eth0]:80', 'fe80::1'],
  ['::1', '::1'],
  ['::', '::'],
])('%s is the address %s', (reported, address) => {
  expect(addressOf(reported)).toBe(address)
})

it.each([
  undefined,
  '',
  'unknown',
  '_hidden',
  '1.2.3',
  '300.1.1.1',
  '1.2.3.4:a',
  '::1::',
  'a:b',
  '[::1',
])('%s is no address', (reported) => {
  expect(addressOf(reported)).toBeUndefined()
})
