/** What a mail says between greeting and signature. */
export interface MailWords {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** On the button that opens the link, in a mail that has one. */
  readonly button?: string
  /** Below the link. */
  readonly closing: readonly string[]
}

/** Every mail that we send, in one language, as plain text. */
export interface Words {
  readonly greeting: (name: string | undefined) => string
  readonly signature: string
  /** Below a button, above the same link in letters. */
  readonly orCopy: string
  /** Above a token that is shown instead of a link, and the mutation that takes it. */
  readonly useToken: (mutation: string) => string
  /** To a stranger, maybe: so without the login, which can read like the address of a site. */
  readonly confirmEmail: (it: { hours: number }) => MailWords
  readonly addressTaken: () => MailWords
  readonly emailChangeAsked: (it: { login: string; newEmail: string }) => MailWords
  readonly resetPassword: (it: { login: string; hours: number }) => MailWords
  readonly passwordChanged: (it: { login: string }) => MailWords
  /** `unlinked`: how many social accounts log in to it no more. */
  readonly passwordReset: (it: { login: string; unlinked: number }) => MailWords
  /** `provider` as people know it. */
  readonly socialLinked: (it: { login: string; provider: string }) => MailWords
  readonly socialUnlinked: (it: { login: string; provider: string }) => MailWords
}
