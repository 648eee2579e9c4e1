import { describe, expect, it } from 'vitest'
import { startToys } from '../harness/gateway.js'
import { answers } from '../harness/toy-server.js'

const ADDRESS = 'x-cinegraph-client-address'
const AGENT = 'x-cinegraph-client-agent'

async function sent(headers: Record<string, string>, trustProxy?: string[]) {
  const { post, subgraphs } = await startToys({ trustProxy })
  await post('{ whoAmI }', { headers })
  return subgraphs.films.received[0]!.headers
}

describe('what a subgraph is told of the client', () => {
  it('is the address that the request came from, and what the program calls itself', async () => {
    const headers = await sent({ 'user-agent': 'Cinema\t1.0 (é)' })
    expect([headers[ADDRESS], headers[AGENT]]).toEqual(['127.0.0.1', 'Cinema1.0 ()'])
  })

  const NOBODY: string[] = []
  it.each([
    { when: 'nobody is trusted', trust: NOBODY, sent: '203.0.113.7', is: '127.0.0.1' },
    { when: 'another is trusted', trust: ['10.0.0.0/8'], sent: '203.0.113.7', is: '127.0.0.1' },
    { when: 'this is trusted', trust: ['127.0.0.1'], sent: '203.0.113.7', is: '203.0.113.7' },
    {
      when: 'the client made up some',
      trust: ['loopback'],
      sent: '6.6.6.6, 192.0.2.1',
      is: '192.0.2.1',
    },
    {
      when: 'two are trusted',
      trust: ['loopback', '10.0.0.0/8'],
      sent: '192.0.2.1, 10.1.2.3',
      is: '192.0.2.1',
    },
    { when: 'it adds a port', trust: ['loopback'], sent: '203.0.113.7:4711', is: '203.0.113.7' },
    { when: 'it is IPv4 in IPv6', trust: ['loopback'], sent: '::FFFF:192.0.2.1', is: '192.0.2.1' },
    { when: 'it is IPv6', trust: ['loopback'], sent: '[2001:DB8:0::1]:4711', is: '2001:db8::1' },
  ])('is $is when a proxy, of which $when, reports $sent', async ({ trust, ...forwarded }) => {
    const headers = await sent({ 'x-forwarded-for': forwarded.sent }, trust)
    expect(headers[ADDRESS]).toBe(forwarded.is)
  })

  it('has no address when the proxy reports none', async () => {
    expect(await sent({ 'x-forwarded-for': 'unknown' }, ['loopback'])).not.toHaveProperty(ADDRESS)
  })

  it('is nothing that the client says under names of ours', async () => {
    const headers = await sent({
      [ADDRESS]: '6.6.6.6',
      [AGENT]: 'forged',
      'x-cinegraph-viewer': 'forged',
      'x-cinegraph-timeout-ms': '1',
      'x-cinegraph-admin': 'true',
      'user-agent': 'honest',
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('x-cinegraph'))).toEqual([
      ADDRESS,
      AGENT,
      'x-cinegraph-timeout-ms',
    ])
    expect(JSON.stringify(headers)).not.toMatch(/forged|6\.6\.6\.6|"1"/)
  })
})

describe('a client that asks too often', () => {
  const limited = (retryAfterSeconds?: unknown, code = 'RATE_LIMITED') => ({
    message: 'Too many attempts.',
    extensions: { code, retryAfterSeconds },
  })
  const retryAfter = async (...errors: object[]) => {
    const { post, subgraphs } = await startToys()
    const body = JSON.stringify({ data: { whoAmI: null }, errors })
    subgraphs.films.script(answers.text(200, body))
    const { headers } = await post('{ whoAmI }', { headers: { origin: 'http://localhost:5173' } })
    expect(headers.get('access-control-expose-headers')?.split(', ')).toContain('retry-after')
    return headers.get('retry-after')
  }

  it('is told when to come back: when none of its limits holds any more', async () => {
    expect(await retryAfter(limited(3), limited(29.2), limited('soon'))).toBe('30')
  })

  it('is told nothing when nothing is known, or something else is the matter', async () => {
    expect(await retryAfter(limited())).toBeNull()
    expect(await retryAfter(limited(-1), limited(5, 'CONFLICT'))).toBeNull()
  })
})
