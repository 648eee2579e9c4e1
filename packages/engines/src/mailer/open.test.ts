import { parseConfig } from '@cinegraph/kit/config'
import { createLogger } from '@cinegraph/kit/logger'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mailEnv } from './env.js'
import { openMailer } from './open.js'

const log = createLogger({ name: 'test', level: 'fatal' })
const from = 'mail@cinegraph.test'

it.each([
  'smtp://mail.example.org',
  'smtps://user:password@mail.example.org:465?maxConnections=2',
  'smtp://mail.example.org?requireTLS=false&tls.servername=mail&tls.rejectUnauthorized=false',
  'file:.cinegraph/mail',
])('opens %s', (url) => {
  expect(openMailer({ url, from, log }).name).toBe('mailer')
})

it.each([
  '',
  'mail.example.org',
  'http://mail.example.org',
  'smtp:',
  'smtp:mail.example.org:587',
  'smtp://user:hunter2@mail.example.org?logger=true',
  'smtp://user:hunter2@mail.example.org?debug=true',
  'smtp://user:hunter2@mail.example.org?proxy=http://elsewhere',
])('refuses %j in words that name the setting and no password', (url) => {
  const open = () => openMailer({ url, from, log })
  expect(open).toThrow(/^MAIL_URL: /)
  expect(open).not.toThrow(/hunter2/)
})

describe('the sender', () => {
  const parse = (MAIL_FROM: string) =>
    parseConfig(z.object(mailEnv), { MAIL_URL: 'file:mail', MAIL_FROM })

  it.each(['mail@example.org', 'Cinegraph <mail@example.org>', 'Кино и мы <mail@example.org>'])(
    'may be %s',
    (value) => {
      expect(parse(value)).toMatchObject({ MAIL_FROM: value })
    },
  )

  it.each(['mail', 'Cinegraph', 'a@example.org, b@example.org', 'A <a@b.c>\nBcc: <d@e.f>'])(
    'may not be %j',
    (value) => {
      expect(() => parse(value)).toThrow(/^MAIL_FROM: must be an address/)
    },
  )
})
