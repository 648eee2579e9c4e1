import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '@cinegraph/kit/clock'
import { ConfigError } from '@cinegraph/kit/config'
import type { Delivery } from './create-mailer.js'
import type { Mail } from './mailer.js'
import { composeMessage } from './nodemailer.js'

export interface FileOptions {
  /** `file:FOLDER`, relative to the working directory, or `file:///folder`. */
  url: string
  from: string
  now: Clock
}

/** A file `.eml` for each mail, whose name begins with the time: in alphabetical order the newest is the last. */
export function fileDelivery({ url, from, now }: FileOptions): Delivery {
  const folder = mailFolder(url)
  let lastMs = 0
  // two mails of a millisecond keep their order
  const nextTime = () => new Date((lastMs = Math.max(now().getTime(), lastMs + 1)))
  return {
    async open() {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
        const { code } = error as NodeJS.ErrnoException
        throw new ConfigError([`MAIL_URL: cannot use the folder ${folder} (${code})`])
      })
    },
    async deliver(mail) {
      const date = nextTime()
      const message = await composeMessage(mail, { from, date })
      await writeWhole(path.join(folder, nameOf(mail, date)), message)
      return 'accepted'
    },
    close: () => {},
  }
}

/** The folder that `file:…` names. */
export function mailFolder(url: string): string {
  const named = /^file:(?!\/\/(?:[^/]|$))(.+)$/s.exec(url)?.[1]
  if (named === undefined) {
    throw new ConfigError(['MAIL_URL: must name a folder: file:FOLDER or file:///FOLDER'])
  }
  return named.startsWith('/') ? fileURLToPath(url) : path.resolve(named)
}

/** `2026-11-22T05-16-12-123Z_ann@example.org_Confirm-your-address_9f3a.eml` */
function nameOf({ to, subject }: Mail, date: Date): string {
  const time = date.toISOString().replaceAll(/[:.]/g, '-')
  const unique = randomBytes(2).toString('hex')
  return `${[time, legible(to), legible(subject), unique].join('_')}.eml`
}

// letters of any script; a name may have 255 bytes
const legible = (text: string) =>
  Array.from(text.replaceAll(/[^\p{L}\p{N}@.+-]+/gu, '-'))
    .slice(0, 40)
    .join('')

/** The file appears whole or not at all, whenever we are killed; only its owner may read it. */
async function writeWhole(file: string, content: Buffer): Promise<void> {
  const draft = `${file}.draft`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
