import ipaddr from 'ipaddr.js'

// what a provider gives one customer: whoever has a /64 has all 2^64 addresses of it
const IPV6_GROUPS = 4

/**
 * What counts as one sender: an IPv4 address, or the /64 of an IPv6 address. `undefined` when the address is not known:
 * then a limit per address cannot be had.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || !ipaddr.isValid(address)) return undefined
  // `process` turns an IPv4 address that is written as IPv6 back
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const groups = (parsed as ipaddr.IPv6).parts.slice(0, IPV6_GROUPS)
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}
