import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { memoryLog } from '@cinegraph/testkit/log'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Mailer } from './mailer.js'
import { everythingIn, mailTo, settled } from './mailer-under-test.contract.js'
import { openMailer } from './open.js'
import { requiresTls } from './smtp.js'
import { CREDENTIALS, SMTP_PASSWORD, startSmtpServer, USER } from './smtp-server.contract.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function startServer(options: Parameters<typeof startSmtpServer>[0] = {}) {
  const server = await startSmtpServer(options)
  closing.push(() => server.close())
  return server
}

function open(url: string, timeoutMs = 30_000) {
  const metrics = new Registry()
  const { log, lines } = memoryLog()
  const mailer = openMailer({ url, from: 'mail@cinegraph.test', log, metrics, timeoutMs })
  closing.push(() => mailer.stop(AbortSignal.timeout(5_000)))
  return { mailer, metrics, lines }
}

async function start(url: string, timeoutMs?: number) {
  const opened = open(url, timeoutMs)
  await opened.mailer.start()
  return opened
}

const sendTo = (mailer: Mailer, to = 'ann@example.org') => settled(mailer.send(mailTo(to)))

/** A server that answers the recipient with `reply`. */
const refusing = (reply: string): SMTPServerOptions => ({
  onRcptTo(_address, _session, done) {
    const [code, ...words] = reply.split(' ')
    done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }))
  },
})

describe('an address', () => {
  it.each([
    '550 5.1.1 no such user',
    '551 user not local',
    '553 no',
    '552 5.2.2 full',
    '556 5.1.10',
  ])('answered with %s is refused', async (reply) => {
    const server = await startServer(refusing(reply))
    const { mailer, metrics, lines } = await start(`smtp://${server.host}?ignoreTLS=true`)
    expect(await sendTo(mailer)).toBe('refused')
    expect(lines).toMatchObject([{ level: 'info', response: reply }])
    expect(await metrics.metrics()).toContain('cinegraph_mails_total{outcome="refused"} 1')
  })

  it.each(['450 4.2.0 greylisted', '550 5.7.1 relaying denied', '554 5.7.1 no', '530 log in'])(
    'answered with %s may be right: it is an outage',
    async (reply) => {
      const server = await startServer(refusing(reply))
      const { mailer, metrics } = await start(`smtp://${server.host}?ignoreTLS=true`)
      expect(await sendTo(mailer)).toBeInstanceOf(DependencyError)
      expect(await metrics.metrics()).toContain('cinegraph_mails_total{outcome="failed"} 1')
    },
  )

  it('that is refused does not spoil the connection for the next', async () => {
    const server = await startServer({
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith('no') ? Object.assign(new Error('no'), { responseCode: 550 }) : null,
        ),
    })
    const { mailer } = await start(`smtp://${server.host}?ignoreTLS=true&maxConnections=1`)
    const outcomes = []
    for (const to of ['no@example.org', 'ann@example.org']) outcomes.push(await sendTo(mailer, to))
    expect(outcomes).toEqual(['refused', 'accepted'])
    // one to see at start whether the server is there, one for both mails
    expect(server.connections).toHaveLength(2)
  })

  it('is the only recipient', async () => {
    const server = await startServer()
    const { mailer } = await start(`smtp://${server.host}?ignoreTLS=true`)
    await sendTo(mailer, 'ann@example.org')
    expect(server.received).toMatchObject([{ recipients: ['ann@example.org'] }])
  })
})

describe('the connections', () => {
  it('are few and stay open', async () => {
    const server = await startServer()
    const { mailer } = await start(`smtp://${server.host}?ignoreTLS=true&maxConnections=2`)
    await Promise.all(Array.from({ length: 20 }, () => mailer.send(mailTo('ann@example.org'))))
    expect(server.received).toHaveLength(20)
    expect(server.connections).toHaveLength(3)
  })

  it('are made anew when the server was away', async () => {
    const server = await startSmtpServer()
    const { mailer } = await start(`smtp://${server.host}?ignoreTLS=true`)
    expect(await sendTo(mailer)).toBe('accepted')
    await server.close()
    expect(await sendTo(mailer)).toBeInstanceOf(DependencyError)
    const again = await startServer({ port: server.port })
    expect(await sendTo(mailer)).toBe('accepted')
    expect(again.received).toHaveLength(1)
  })

  it('log in with the user and password of the URL', async () => {
    const server = await startServer({ authOptional: false })
    const { mailer } = await start(`smtp://${CREDENTIALS}${server.host}?ignoreTLS=true`)
    expect(await sendTo(mailer)).toBe('accepted')
    expect(server.received).toMatchObject([{ user: USER }])
  })
})

describe('a server that does not answer', () => {
  /** Takes connections and says nothing once `words` are said. */
  async function startSilent(words = '') {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      if (words) socket.write(words)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('is a problem of the settings at start', async () => {
    const { mailer } = open(`smtp://${await startSilent()}?greetingTimeout=50`)
    await expect(mailer.start()).rejects.toThrow(/^MAIL_URL: 127\.0\.0\.1:\d+ cannot be used/)
  })

  it('costs no more than the time limit of one mail', async () => {
    const stuck = await startServer({ onMailFrom: () => {} })
    const { mailer, metrics } = await start(`smtp://${stuck.host}?ignoreTLS=true`, 50)
    const error = await sendTo(mailer)
    expect(error).toBeInstanceOf(DependencyError)
    expect((error as Error).cause).toMatchObject({ code: 'EABORT' })
    expect(await metrics.metrics()).toContain('cinegraph_mails_total{outcome="failed"} 1')
  })

  it('does not hold up a stop beyond its deadline', async () => {
    const asked = Promise.withResolvers<undefined>()
    const stuck = await startServer({ onMailFrom: () => asked.resolve(undefined) })
    const { mailer } = await start(`smtp://${stuck.host}?ignoreTLS=true`)
    const sending = sendTo(mailer)
    await asked.promise
    await mailer.stop(AbortSignal.abort())
    expect(await sending).toBeInstanceOf(DependencyError)
  })
})

describe('at start', () => {
  it('a server that is not there is a problem of the settings', async () => {
    const server = await startSmtpServer()
    await server.close()
    const starting = open(`smtp://${CREDENTIALS}${server.host}`).mailer.start()
    const error = await starting.catch((it: unknown) => it)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toContain(`MAIL_URL: ${server.host} cannot be used`)
    expect(everythingIn(error)).not.toContain(CREDENTIALS)
  })

  it('a refused password is one too, and is never repeated', async () => {
    const server = await startServer({ authOptional: false })
    const { mailer, lines } = open(`smtp://cinegraph:hunter2@${server.host}?ignoreTLS=true`)
    const error = await mailer.start().catch((it: unknown) => it)
    expect(error).toMatchObject({
      name: 'ConfigError',
      message: `MAIL_URL: ${server.host} does not accept this user and password`,
    })
    expect(everythingIn(error) + JSON.stringify(lines)).not.toMatch(/hunter2|aHVudGVyMg/)
  })
})

it('no error of a mail holds the password', async () => {
  const server = await startSmtpServer({ authOptional: false })
  const { mailer } = await start(`smtp://${CREDENTIALS}${server.host}?ignoreTLS=true`)
  await server.close()
  const error = await sendTo(mailer)
  const said = everythingIn(error)
  expect(error).toBeInstanceOf(DependencyError)
  for (const secret of [SMTP_PASSWORD, encodeURIComponent(SMTP_PASSWORD)]) {
    expect(said).not.toContain(secret)
    expect(said).not.toContain(Buffer.from(secret).toString('base64'))
  }
})

describe('TLS', () => {
  it.each([
    ['smtp://mail.example.org', true],
    ['smtp://user:password@10.0.0.1:25', true],
    ['smtp://localhost.example.org', true],
    ['smtp://localhost:25', false],
    ['smtp://127.0.0.1:25', false],
    ['smtp://127.8.0.1', false],
    ['smtp://[::1]:25', false],
  ])('must be offered by %s: %s', (url, expected) => {
    expect(requiresTls(url)).toBe(expected)
  })

  // 0.0.0.0 reaches this machine and is no loopback address
  it('is required of a server on another machine', async () => {
    const server = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
    const { mailer } = open(`smtp://0.0.0.0:${server.port}`)
    await expect(mailer.start()).rejects.toThrow(/offers no TLS that can be trusted/)
    const unsafe = await start(`smtp://0.0.0.0:${server.port}?requireTLS=false`)
    expect(await sendTo(unsafe.mailer)).toBe('accepted')
  })

  it('is used by STARTTLS where it is offered', async () => {
    const server = await startServer()
    const { mailer } = await start(`smtp://${server.host}?tls.rejectUnauthorized=false`)
    expect(await sendTo(mailer)).toBe('accepted')
    expect(server.received).toMatchObject([{ secure: true }])
  })

  it.each(['smtp', 'smtps'])('of %s: needs a certificate that can be trusted', async (scheme) => {
    const server = await startServer({ secure: scheme === 'smtps' })
    const { mailer } = open(`${scheme}://${server.host}`)
    await expect(mailer.start()).rejects.toThrow(/certificate/)
  })
})
