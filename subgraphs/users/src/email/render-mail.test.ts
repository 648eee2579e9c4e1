import { Language } from '@cinegraph/kit/language'
import { describe, expect, it } from 'vitest'
import { AccountMail } from './account-mail.js'
import { renderMail } from './render-mail.js'

const words = {
  subject: 'Subject <1>',
  paragraphs: ['From <script>alert("1")</script> & "others"'],
  button: "It's <me>",
  closing: ['The end.'],
}

describe('a mail', () => {
  const action = { url: 'https://x.org/?a=1&b="2"#token=t', token: 't', mutation: 'doIt' }
  const mail = renderMail({ language: 'en', name: '<b>Ann & Bob</b>', words, action })

  it('says as text what it was given', () => {
    expect(mail.text).toBe(
      [
        'Hello <b>Ann & Bob</b>,',
        'From <script>alert("1")</script> & "others"',
        'It\'s <me>:\nhttps://x.org/?a=1&b="2"#token=t',
        'The end.',
        'Cinegraph\n',
      ].join('\n\n'),
    )
  })

  it('says the same as HTML, in which nothing given is a tag', () => {
    expect(mail.html).not.toMatch(/<(script|me|b|1)>/)
    expect(mail.html).toContain('Hello &lt;b&gt;Ann &amp; Bob&lt;/b&gt;,')
    expect(mail.html).toContain('<title>Subject &lt;1&gt;</title>')
    expect(mail.html).toContain('href="https://x.org/?a=1&amp;b=&quot;2&quot;#token=t"')
    expect(mail.html).toContain('It&#39;s &lt;me&gt;</a>')
    expect(mail.html).toContain('>https://x.org/?a=1&amp;b=&quot;2&quot;#token=t</p>')
  })

  it('holds the token where there is no page to link to', () => {
    const { text, html } = renderMail({
      language: 'ru',
      words,
      action: { ...action, url: undefined },
    })
    expect(text).toContain('Ваш токен для мутации doIt:\n\nt\n')
    expect(html).not.toContain('<a ')
    expect(html).toContain('<html lang="ru">')
  })
})

describe.each(Object.values(Language))('every mail in %s', (language) => {
  const account = { login: 'ann', firstName: '<i>Анна</i>' }
  const sent: { to: string; subject: string; text: string; html: string }[] = []
  const mails = new AccountMail({
    mailer: {
      async send(mail) {
        sent.push(mail)
        return 'accepted'
      },
    },
    appUrl: 'https://cinema.example.org',
  })

  it('has its own subject, a greeting, whole sentences and no tag that was given', async () => {
    const to = 'ann@example.org'
    await mails.confirmEmail(to, { token: 'TOKEN', language })
    await mails.addressTaken(to, language)
    await mails.emailChangeAsked(to, { account, newEmail: "o'neil&co@example.org", language })
    await mails.resetPassword(to, { account, token: 'TOKEN', language })
    await mails.notice(to, { kind: 'passwordChanged', account, language })
    await mails.notice(to, { kind: 'passwordReset', unlinked: 2, account, language })
    await mails.notice(to, { kind: 'socialLinked', provider: 'Google', account, language })
    await mails.notice(to, { kind: 'socialUnlinked', provider: 'Google', account, language })
    expect(new Set(sent.map(({ subject }) => subject)).size).toBe(8)
    for (const { text, html } of sent) {
      expect(text).not.toMatch(/undefined|NaN|\[object/)
      expect(text.trimEnd()).toMatch(/Cinegraph$/)
      expect(html).not.toContain('<i>')
    }
    const [confirm, , asked, reset, , wasReset, ...links] = sent
    expect(confirm!.text).toContain('https://cinema.example.org/confirm-email#token=TOKEN')
    expect(confirm!.text).toMatch(/24 (hours|часа)/)
    expect(asked!.html).toContain('o&#39;neil&amp;co@example.org')
    expect(reset!.text).toContain('https://cinema.example.org/reset-password#token=TOKEN')
    expect(reset!.text).toMatch(/\b1 (hour|час)/)
    expect(wasReset!.text).toContain(': 2.')
    for (const { subject, text } of links) {
      expect(subject).toContain('Google')
      expect(text).toContain('Google')
    }
  })

  it('counts no social accounts where none were unlinked', async () => {
    await mails.notice('ann@example.org', {
      kind: 'passwordReset',
      unlinked: 0,
      account,
      language,
    })
    expect(sent.at(-1)!.text).not.toContain('0')
  })

  it('says nothing at an address that is not confirmed that a stranger may have written', () => {
    expect(sent[0]!.text).not.toContain('ann')
    expect(sent[1]!.text).not.toContain('ann')
    expect(sent[0]!.text).toMatch(/^(Hello,|Здравствуйте!)\n/)
    expect(sent[1]!.text).toMatch(/^(Hello,|Здравствуйте!)\n/)
    expect(sent[3]!.text).toMatch(/^(Hello <i>Анна<\/i>,|Здравствуйте, <i>Анна<\/i>!)\n/)
  })
})
