import { urlOf } from '@cinegraph/kit/config'
import { z } from 'zod'

const SENDER = /^(?:[^<>"\p{Cc}]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u

/** The settings of a process that sends mail; `open.ts` knows what stands behind each scheme. */
export const mailEnv = {
  MAIL_URL: urlOf('smtp', 'smtps', 'file').describe(
    'mail server, e.g. smtp://user:password@host:587, or file:FOLDER that keeps each mail as a file',
  ),
  MAIL_FROM: z
    .string()
    .regex(SENDER, 'must be an address, or a name and an address: Cinegraph <mail@example.org>')
    .describe('sender of all mail, e.g. Cinegraph <mail@example.org>'),
}
