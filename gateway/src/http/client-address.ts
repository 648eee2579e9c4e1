import { isIP, SocketAddress } from 'node:net'

/**
 * An IP address in its one usual spelling: without port, brackets or zone, IPv6 in short, IPv4 in IPv6 as IPv4.
 * Undefined for what is none, as a proxy may report it.
 */
export function addressOf(reported: string | undefined): string | undefined {
  const [, address = ''] =
    /^\[?([\da-f:.]+)(?:%[^\]]*)?(?:\]:\d+|\])?$/i.exec(withoutPort(reported ?? '')) ?? []
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '')
}

/** A colon belongs to a port only after an IPv4 address; IPv6 has brackets then. */
const withoutPort = (reported: string) => reported.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
