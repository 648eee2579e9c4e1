import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export const USER = 'cinegraph'
export const SMTP_PASSWORD = 'p@ss:w/rd?&=%'

/** `user:password@` as a URL has it. */
export const CREDENTIALS = `${USER}:${encodeURIComponent(SMTP_PASSWORD)}@`

export interface ReceivedMail {
  readonly email: Email
  readonly recipients: readonly string[]
  readonly secure: boolean
  readonly user: unknown
}

/** A mail server on 127.0.0.1 that keeps what it takes. Its certificate is its own. */
export async function startSmtpServer(options: SMTPServerOptions & { port?: number } = {}) {
  const received: ReceivedMail[] = []
  const connections: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    // milliseconds that `close` leaves to clients that do not hang up
    closeTimeout: 100,
    onConnect(session, done) {
      connections.push(session.id)
      done()
    },
    onAuth({ username, password }, _session, done) {
      if (username === USER && password === SMTP_PASSWORD) done(null, { user: username })
      else done(new Error('535 5.7.8 no'))
    },
    onData(stream, { envelope, secure, user }, done) {
      void (async () => {
        const email = await PostalMime.parse(Buffer.concat(await stream.toArray()))
        const recipients = envelope.rcptTo.map(({ address }) => address)
        received.push({ email, recipients, secure, user: user as unknown })
        done()
      })()
    },
    ...options,
  })
  // a client that hangs up is what some tests are about
  server.on('error', () => {})
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    received,
    connections,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
