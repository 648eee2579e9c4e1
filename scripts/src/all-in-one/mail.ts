import path from 'node:path'
import { pathToFileURL } from 'node:url'

export interface MailSettings {
  MAIL_URL?: string | undefined
  CINEGRAPH_DATA: string
}

/** The given mailer, or files in the data folder. */
export const mailUrl = ({ MAIL_URL, CINEGRAPH_DATA }: MailSettings): string =>
  MAIL_URL ?? pathToFileURL(path.join(CINEGRAPH_DATA, 'mail')).href
