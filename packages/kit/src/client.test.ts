import { describe, expect, it } from 'vitest'
import { clientFrom, clientHeaders } from './client.js'

const arrived = (userAgent: string | undefined) => {
  const headers = clientHeaders({ address: '192.0.2.1', userAgent })
  return clientFrom((name) => headers[name])
}

describe('a client', () => {
  it('arrives in a subgraph as the gateway saw it', () => {
    expect(arrived('Mozilla/5.0 (X11; Linux)')).toEqual({
      address: '192.0.2.1',
      userAgent: 'Mozilla/5.0 (X11; Linux)',
    })
  })

  it('is named in at most 512 printable characters of ASCII', () => {
    expect(arrived(`\u001b[31m\tКино TV/1\u0000${'x'.repeat(600)}`).userAgent).toBe(
      `[31m TV/1${'x'.repeat(503)}`,
    )
  })

  it.each([undefined, '', ' \n', 'Кино'])('has no name when it says %j', (userAgent) => {
    expect(clientHeaders({ address: undefined, userAgent })).toEqual({})
    expect(arrived(userAgent).userAgent).toBeUndefined()
  })

  it('may be unknown', () => {
    expect(clientFrom(() => undefined)).toEqual({ address: undefined, userAgent: undefined })
  })
})
