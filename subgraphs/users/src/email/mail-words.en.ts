import type { Words } from './mail-words.js'

const hoursOf = new Intl.NumberFormat('en', { style: 'unit', unit: 'hour', unitDisplay: 'long' })

const TAKE_BACK =
  'If it was not you, reset your password now: that ends all sessions and unlinks all social accounts.'

export const english: Words = {
  greeting: (name) => (name === undefined ? 'Hello,' : `Hello ${name},`),
  signature: 'Cinegraph',
  orCopy: 'Or copy this address into your browser:',
  useToken: (mutation) => `Your token, for the mutation ${mutation}:`,
  confirmEmail: ({ hours }) => ({
    subject: 'Confirm your email address',
    paragraphs: ['this address was given for an account of Cinegraph. Confirm that it is yours.'],
    button: 'Confirm address',
    closing: [
      `This can be done once, within ${hoursOf.format(hours)}.`,
      'If this account is not yours, you need not do anything: the address stays unconfirmed.',
    ],
  }),
  addressTaken: () => ({
    subject: 'Your email address was given once more',
    paragraphs: [
      'somebody gave this address for another account. It is already the confirmed address of an account, so nothing has changed.',
      'If it was you, log in to the account that has this address, or reset its password.',
    ],
    closing: ['If it was not you, you need not do anything.'],
  }),
  emailChangeAsked: ({ login, newEmail }) => ({
    subject: 'Your email address is to change',
    paragraphs: [
      `the account ${login} is to get the address ${newEmail} instead of this one. That happens as soon as the new address is confirmed.`,
    ],
    closing: [
      'If it was not you, change or reset your password now: that stops the change and ends all other sessions.',
    ],
  }),
  resetPassword: ({ login, hours }) => ({
    subject: 'Reset your password',
    paragraphs: [`somebody asked for a new password of the account ${login}.`],
    button: 'Choose a password',
    closing: [
      `This can be done once, within ${hoursOf.format(hours)}. It ends all sessions of the account and unlinks its social accounts.`,
      'If it was not you, you need not do anything: your password stays as it is.',
    ],
  }),
  passwordChanged: ({ login }) => ({
    subject: 'Your password was changed',
    paragraphs: [`the password of the account ${login} was changed.`],
    closing: [TAKE_BACK],
  }),
  passwordReset: ({ login, unlinked }) => ({
    subject: 'Your password was reset',
    paragraphs: [
      `the account ${login} has a new password, and all its sessions have ended.`,
      ...(unlinked > 0
        ? [
            `Social accounts that were unlinked: ${unlinked}. Link your own again when you are logged in.`,
          ]
        : []),
    ],
    closing: [
      'If it was not you, somebody reads your mail: secure your mailbox, then reset your password.',
    ],
  }),
  socialLinked: ({ login, provider }) => ({
    subject: `${provider} was linked to your account`,
    paragraphs: [`from now on one can log in to the account ${login} with ${provider}.`],
    closing: [TAKE_BACK],
  }),
  socialUnlinked: ({ login, provider }) => ({
    subject: `${provider} was unlinked from your account`,
    paragraphs: [`from now on nobody can log in to the account ${login} with ${provider}.`],
    closing: [TAKE_BACK],
  }),
}
