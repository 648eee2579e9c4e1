import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { memoryLog } from '@cinegraph/testkit/log'
import PostalMime from 'postal-mime'
import { describeMailer } from './mailer.contract.js'
import { openMailer } from './open.js'
import { CREDENTIALS, startSmtpServer } from './smtp-server.contract.js'

type Open = Parameters<typeof describeMailer>[1]

const { log } = memoryLog()

const openSmtp =
  (scheme: 'smtp' | 'smtps', query: string): Open =>
  async (options) => {
    const server = await startSmtpServer({ secure: scheme === 'smtps' })
    const url = `${scheme}://${CREDENTIALS}${server.host}?${query}`
    return {
      mailer: openMailer({ url, log, ...options }),
      received: async () => server.received.map(({ email }) => email),
      close: () => server.close(),
    }
  }

describeMailer('smtp: in the clear', openSmtp('smtp', 'ignoreTLS=true'))
describeMailer(
  'smtp: with STARTTLS',
  openSmtp('smtp', 'requireTLS=true&tls.rejectUnauthorized=false'),
)
describeMailer('smtps:', openSmtp('smtps', 'tls.rejectUnauthorized=false'))

describeMailer('file:', async (options) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-mail-'))
  return {
    mailer: openMailer({ url: pathToFileURL(folder).href, log, ...options }),
    async received() {
      const names = (await readdir(folder)).sort()
      return Promise.all(
        names.map(async (it) => PostalMime.parse(await readFile(path.join(folder, it)))),
      )
    },
    close: () => rm(folder, { recursive: true }),
  }
})
