import { mailEnv } from '@cinegraph/engines/mailer/env'
import { urlOf } from '@cinegraph/kit/config'

/** What a process needs to write to people. */
export const emailEnv = {
  ...mailEnv,
  APP_URL: urlOf('https', 'http')
    .optional()
    .describe(
      'where the web application begins: mails link to its pages /confirm-email and /reset-password; without it they hold the token',
    ),
}
