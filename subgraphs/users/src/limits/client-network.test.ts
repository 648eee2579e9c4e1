import { expect, it } from 'vitest'
import { networksOf } from './client-network.js'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
])('takes %s as one sender', (address, name) => {
  expect(networksOf(address)).toEqual([{ name, times: 1 }])
})

it.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64', '2001:db8:1::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
])('takes %s as one sender, and its /48 as ten', (address, small, large) => {
  expect(networksOf(address)).toEqual([
    { name: small, times: 1 },
    { name: large, times: 10 },
  ])
})

it.each([undefined, '', 'unknown', '203.0.113.7:80', '203.0.113.300'])(
  'takes all as one whose address is %j',
  (address) => {
    expect(networksOf(address)).toEqual([{ name: 'unknown', times: 1 }])
  },
)
