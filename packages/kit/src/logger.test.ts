import { expect, it } from 'vitest'
import { collectLog } from '../test/collect-log.js'

it('writes one JSON object a line, with the level in words', () => {
  const { log, lines } = collectLog()
  log.child({ requestId: 'request-1' }).warn({ filmId: 'f1' }, 'film indexed')
  expect(lines).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      name: 'test',
      requestId: 'request-1',
      filmId: 'f1',
      msg: 'film indexed',
    },
  ])
})

it('never writes what is secret', () => {
  const { log, lines } = collectLog()
  const secrets = { password: 'hunter2', refreshToken: 'hunter2', authorization: 'hunter2' }
  log.info({ ...secrets, input: secrets, headers: { cookie: 'hunter2' } }, 'log-in')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines).toMatchObject([{ password: '[redacted]', input: { password: '[redacted]' } }])
})

it('writes the whole chain of causes of an error', () => {
  const { log, lines } = collectLog()
  const error = new Error('films do not answer', { cause: new Error('socket closed') })
  log.error({ err: error }, 'request had an error')
  expect(JSON.stringify(lines)).toContain('socket closed')
})
