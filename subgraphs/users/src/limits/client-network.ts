import ipaddr from 'ipaddr.js'

/** What counts as one sender. */
export interface Network {
  readonly name: string
  /** How many times the limit of one sender it may have. */
  readonly times: number
}

const IPV6_GROUP_BITS = 16

/** What is too much counts for all whose address nobody knows together: not to know it must be no way round a limit. */
const UNKNOWN: readonly Network[] = [{ name: 'unknown', times: 1 }]

/**
 * The networks that an address counts for, the smallest first. A provider gives one customer a /64 of IPv6, so that is one
 * sender; many give a /48 to whoever asks, so that is ten and not 65,536.
 */
export function networksOf(address: string | undefined): readonly Network[] {
  if (address === undefined || !ipaddr.isValid(address)) return UNKNOWN
  // `process` turns an IPv4 address that is written as IPv6 back
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return [{ name: parsed.toString(), times: 1 }]
  const prefix = (bits: number) => {
    const groups = (parsed as ipaddr.IPv6).parts.slice(0, bits / IPV6_GROUP_BITS)
    return `${groups.map((group) => group.toString(16)).join(':')}::/${bits}`
  }
  return [
    { name: prefix(64), times: 1 },
    { name: prefix(48), times: 10 },
  ]
}
