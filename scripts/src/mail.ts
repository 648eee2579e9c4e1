import path from 'node:path'
import { mailFolder } from '@cinegraph/engines/mailer/file'
import { type KeptMail, readKeptMails } from '@cinegraph/engines/mailer/kept-mails'
import { ConfigError, parseConfig } from '@cinegraph/kit/config'
import { failProcess } from '@cinegraph/kit/lifecycle'
import { mailSettings, mailUrl } from './all-in-one/mail.js'

const LISTED = 10
const USAGE = `Usage:
  npm run mail        lists the newest mails that were kept and prints the newest
  npm run mail -- 3   prints the third newest`

/** Shows the mails that `file:` keeps. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [given = '1'] = args
  const number = Number(given)
  if (args.length > 1 || !Number.isInteger(number) || number < 1) {
    console.error(USAGE)
    return 1
  }
  const folder = mailFolder(fileUrl())
  const mails = await readKeptMails(folder, Math.max(number, LISTED))
  const mail = mails[number - 1]
  if (!mail) {
    console.log(absence(mails.length, folder))
    return mails.length === 0 ? 0 : 1
  }
  console.log(mails.slice(0, LISTED).map(lineOf).join('\n'))
  console.log(`\n${printed(mail)}`)
  return 0
}

function fileUrl(): string {
  const url = mailUrl(parseConfig(mailSettings, process.env))
  if (url.startsWith('file:')) return url
  throw new ConfigError(['MAIL_URL: mail goes to a server, not into files: there is none to show'])
}

const absence = (count: number, folder: string) =>
  count === 0
    ? `There is no mail in ${folder} yet. Register with an email address while \`npm start\` runs: it gets one.`
    : `There are only ${count} mails in ${folder}.`

const timeOf = ({ sentAt }: KeptMail) => sentAt.toLocaleString('sv')

const lineOf = (mail: KeptMail, index: number) =>
  `${String(index + 1).padStart(3)}  ${timeOf(mail)}  ${mail.to}  ${mail.subject}`

const printed = (mail: KeptMail) =>
  [
    `File:    ${path.relative(process.cwd(), mail.file)}`,
    `Date:    ${timeOf(mail)}`,
    `To:      ${mail.to}`,
    `Subject: ${mail.subject}`,
    '',
    mail.text.trim(),
  ].join('\n')

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) =>
  failProcess('mail', error),
)
