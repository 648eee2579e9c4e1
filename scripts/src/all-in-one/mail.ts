import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { mailEnv } from '@cinegraph/engines/mailer/env'
import { z } from 'zod'
import { databaseEnv } from '../database.js'

/** Which settings say where `npm start` sends mail. */
export const mailSettings = z.object({
  CINEGRAPH_DATA: databaseEnv.CINEGRAPH_DATA,
  MAIL_URL: mailEnv.MAIL_URL.optional().describe(
    `${mailEnv.MAIL_URL.description!}; without it mails are kept in CINEGRAPH_DATA/mail`,
  ),
})

/** The given mailer, or files in the data folder. */
export const mailUrl = ({ MAIL_URL, CINEGRAPH_DATA }: z.output<typeof mailSettings>): string =>
  MAIL_URL ?? pathToFileURL(path.resolve(CINEGRAPH_DATA, 'mail')).href
