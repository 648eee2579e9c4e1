import type { Words } from './mail-words.js'

const hoursOf = new Intl.NumberFormat('en', { style: 'unit', unit: 'hour', unitDisplay: 'long' })

export const english: Words = {
  greeting: (name) => (name === undefined ? 'Hello,' : `Hello ${name},`),
  signature: 'Cinegraph',
  orCopy: 'Or copy this address into your browser:',
  useToken: (mutation) => `Your token, for the mutation ${mutation}:`,
  confirmEmail: ({ login, hours }) => ({
    subject: 'Confirm your email address',
    paragraphs: [`this address was given for the account ${login}. Confirm that it is yours.`],
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
      `This can be done once, within ${hoursOf.format(hours)}. It ends all sessions of the account.`,
      'If it was not you, you need not do anything: your password stays as it is.',
    ],
  }),
  passwordChanged: ({ login }) => ({
    subject: 'Your password was changed',
    paragraphs: [`the password of the account ${login} was changed.`],
    closing: ['If it was not you, reset your password now: whoever changed it is then logged out.'],
  }),
}
