import { isIP, SocketAddress } from 'node:net'

/**
 * An IP address in its one usual spelling: without port, brackets or zone, IPv6 in short, IPv4 in IPv6 as IPv4.
 * Undefined for what is none, as a proxy may report it.
 */
export function addressOf(reported: string | undefined): string | undefined {
  const address = (reported ?? '')
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '')
}
