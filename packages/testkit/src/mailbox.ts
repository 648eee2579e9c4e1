import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type KeptMail, readKeptMails } from '@cinegraph/engines/mailer/kept-mails'
import type { Mailer } from '@cinegraph/engines/mailer/mailer'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { afterAll, vi } from 'vitest'
import { memoryLog } from './log.js'

const WAIT_MS = 20_000
const folders: string[] = []

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

export interface Mailbox {
  /** Keeps what is sent; it has started. */
  readonly mailer: Mailer
  /** All mail so far, the newest first. */
  all(): Promise<KeptMail[]>
  /** That to an address, in any case of it. */
  mailTo(address: string): Promise<KeptMail[]>
  /** The oldest mail to an address that this did not answer before, once it is there. */
  nextTo(address: string): Promise<KeptMail>
}

/** A mailer and everybody's post box behind it; it goes away with the test file. */
export async function openMailbox(): Promise<Mailbox> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-mailbox-'))
  folders.push(folder)
  const url = pathToFileURL(folder).href
  const mailer = openMailer({ url, from: 'Cinegraph <mail@cinegraph.test>', log: memoryLog().log })
  await mailer.start()
  const taken = new Map<string, number>()
  const all = () => readKeptMails(folder)
  const keyOf = (address: string) => address.toLowerCase()
  const mailTo = async (address: string) =>
    (await all()).filter(({ to }) => keyOf(to) === keyOf(address))
  return {
    mailer,
    all,
    mailTo,
    async nextTo(address) {
      const count = taken.get(keyOf(address)) ?? 0
      const find = async () => {
        const mail = (await mailTo(address)).at(-1 - count)
        if (!mail) throw new Error(`mail number ${count + 1} to ${address} has not come`)
        return mail
      }
      const mail = await vi.waitFor(find, { timeout: WAIT_MS })
      taken.set(keyOf(address), count + 1)
      return mail
    },
  }
}
