import { expect, it } from 'vitest'
import { networkOf } from './client-network.js'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('takes %s as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

it.each([undefined, '', 'unknown', '203.0.113.7:80', '203.0.113.300'])(
  'does not know the network of %j',
  (address) => {
    expect(networkOf(address)).toBeUndefined()
  },
)
