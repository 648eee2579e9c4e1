import type { Mailer, MailOutcome } from '@cinegraph/engines/mailer/mailer'
import type { Language } from '@cinegraph/kit/language'
import type { Account } from '../accounts/account.repository.js'
import { CONFIRM_HOURS, RESET_HOURS } from './email-tokens.js'
import { wordsOf } from './mail-languages.js'
import type { MailWords, Words } from './mail-words.js'
import { type MailAction, type MailToRender, renderMail } from './render-mail.js'

/** What the owner of an account is told has happened to it. */
export type Notice =
  | { readonly kind: 'passwordChanged' }
  | { readonly kind: 'passwordReset'; readonly unlinked: number }
  /** `provider` as people know it. */
  | { readonly kind: 'socialLinked' | 'socialUnlinked'; readonly provider: string }

/** Whom a mail is about. */
export type MailedAccount = Pick<Account, 'login' | 'firstName'>

export interface AccountMailDependencies {
  mailer: Pick<Mailer, 'send'>
  /** Where the pages of the web application begin; without it mails hold tokens in place of links. */
  appUrl: string | undefined
}

/** Every mail to the owner of an account. Throws a DependencyError when it could not be handed over. */
export class AccountMail {
  constructor(private readonly dependencies: AccountMailDependencies) {}

  /** To an address that nobody has confirmed: it holds nothing that a stranger could have written. */
  confirmEmail(
    to: string,
    { token, language }: { token: string; language: Language },
  ): Promise<MailOutcome> {
    const words = wordsOf(language).confirmEmail({ hours: CONFIRM_HOURS })
    return this.send(to, { language, words, action: this.action('confirmEmail', token) })
  }

  /** Instead of `confirmEmail` where another account has confirmed the address. */
  addressTaken(to: string, language: Language): Promise<MailOutcome> {
    return this.send(to, { language, words: wordsOf(language).addressTaken() })
  }

  /** To the address that is to be replaced. */
  emailChangeAsked(
    to: string,
    {
      account,
      newEmail,
      language,
    }: { account: MailedAccount; newEmail: string; language: Language },
  ): Promise<MailOutcome> {
    const words = wordsOf(language).emailChangeAsked({ login: account.login, newEmail })
    return this.send(to, { language, name: nameOf(account), words })
  }

  resetPassword(
    to: string,
    { account, token, language }: { account: MailedAccount; token: string; language: Language },
  ): Promise<MailOutcome> {
    const words = wordsOf(language).resetPassword({ login: account.login, hours: RESET_HOURS })
    const action = this.action('resetPassword', token)
    return this.send(to, { language, name: nameOf(account), words, action })
  }

  /** What has happened to the account. */
  notice(
    to: string,
    { account, language, ...about }: Notice & { account: MailedAccount; language: Language },
  ): Promise<MailOutcome> {
    const words = noticeWords(wordsOf(language), account, about)
    return this.send(to, { language, name: nameOf(account), words })
  }

  private send(to: string, mail: MailToRender): Promise<MailOutcome> {
    return this.dependencies.mailer.send({ to, ...renderMail(mail) })
  }

  private action(mutation: keyof typeof PAGES, token: string): MailAction {
    const { appUrl } = this.dependencies
    // in the fragment, which browsers send to no server: it gets into no log
    const url = appUrl && `${appUrl.replace(/\/$/, '')}${PAGES[mutation]}#token=${token}`
    return { url, token, mutation }
  }
}

/** Pages of the web application, by the mutation that they send. */
const PAGES = { confirmEmail: '/confirm-email', resetPassword: '/reset-password' } as const

function noticeWords(words: Words, { login }: MailedAccount, notice: Notice): MailWords {
  switch (notice.kind) {
    case 'passwordChanged':
      return words.passwordChanged({ login })
    case 'passwordReset':
      return words.passwordReset({ login, unlinked: notice.unlinked })
    case 'socialLinked':
    case 'socialUnlinked':
      return words[notice.kind]({ login, provider: notice.provider })
  }
}

const nameOf = ({ firstName, login }: MailedAccount) => firstName ?? login
