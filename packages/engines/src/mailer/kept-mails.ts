import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import PostalMime, { type Email } from 'postal-mime'

/** A mail that `file:` keeps. */
export interface KeptMail {
  readonly file: string
  readonly sentAt: Date
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** The newest `limit` mails of a folder, the newest first; none when there is no such folder. */
export async function readKeptMails(folder: string, limit = Infinity): Promise<KeptMail[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  const newest = names
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .reverse()
    .slice(0, limit)
  return Promise.all(newest.map((name) => readKeptMail(path.join(folder, name))))
}

async function readKeptMail(file: string): Promise<KeptMail> {
  const { date, to, subject = '', text = '' } = await parse(file)
  const recipients = (to ?? []).map(({ address }) => address)
  return { file, sentAt: new Date(date ?? 0), to: recipients.join(', '), subject, text }
}

const parse = async (file: string): Promise<Email> => PostalMime.parse(await readFile(file))
