import { DependencyError } from '@cinegraph/kit/errors'
import { Registry } from '@cinegraph/kit/metrics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailTo, type MailerUnderTest, settled } from './mailer-under-test.contract.js'

interface OpenOptions {
  metrics: Registry
  from: string
}

/** What every adapter of Mailer promises. `open` gives one that has not started, and nobody else's mail. */
export function describeMailer(
  name: string,
  open: (options: OpenOptions) => Promise<MailerUnderTest>,
): void {
  describe(name, () => {
    let metrics: Registry
    let tested: MailerUnderTest
    const stop = () => tested.mailer.stop(AbortSignal.timeout(5_000))
    const received = async () => tested.received()

    beforeEach(async () => {
      metrics = new Registry()
      tested = await open({
        metrics,
        from: 'Синеграф <mail@cinegraph.test>',
      })
      await tested.mailer.start()
    })
    afterEach(async () => {
      await stop()
      await tested.close?.()
    })

    it('hands over a mail in any script, as it was given', async () => {
      const mail = {
        to: 'ann+films@example.org',
        subject: 'Подтвердите адрес 🎬 "сейчас", пожалуйста, и не позже чем завтра вечером — Ёлка',
        text: `Здравствуйте,\n.\n..one dot more\nFrom the start\n${'long '.repeat(300)}\n=3D\n`,
        html: '<p title="a &amp; b">Здравствуйте, <b>Аня</b></p>',
      }
      expect(await tested.mailer.send(mail)).toBe('accepted')
      const [email] = await received()
      expect(email).toMatchObject({
        from: { name: 'Синеграф', address: 'mail@cinegraph.test' },
        to: [{ address: mail.to }],
        subject: mail.subject,
      })
      expect(email?.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(mail.text.trimEnd())
      expect(email?.html?.trim()).toBe(mail.html)
    })

    it('says when it was sent, under an id of its own, and that nobody need answer', async () => {
      const before = Date.now() - 1000
      for (const to of ['ann@example.org', 'bob@example.org']) await tested.mailer.send(mailTo(to))
      const emails = await received()
      expect(new Set(emails.map((it) => it.messageId)).size).toBe(2)
      for (const { date, headers } of emails) {
        expect(Date.parse(date ?? '')).toBeGreaterThanOrEqual(before)
        const automatic = headers.find(({ key }) => key === 'auto-submitted')
        expect(automatic?.value).toBe('auto-generated')
      }
    })

    it.each([
      'ann@example.org\r\nBcc: eve@example.org',
      'ann@example.org, eve@example.org',
      'ann@example.org;eve@example.org',
      'Ann <ann@example.org>',
      'ann@example.org\0',
      'ann example@example.org',
      'ann',
      '',
    ])('sends nothing to %j, which is not one address', async (to) => {
      await expect(tested.mailer.send(mailTo(to))).rejects.toThrow(/must be one address/)
      expect(await received()).toEqual([])
    })

    it.each(['Hello\r\nBcc: eve@example.org', 'Hello\nX-Priority: 1', 'Hello\0', 'Hello\r'])(
      'sends nothing under the subject %j, which is not one line',
      async (subject) => {
        const sending = tested.mailer.send({ ...mailTo('ann@example.org'), subject })
        await expect(sending).rejects.toThrow(/must be one line/)
        expect(await received()).toEqual([])
      },
    )

    it('hands over many mails at once, each once', async () => {
      const recipients = Array.from({ length: 50 }, (_, index) => `reader-${index}@example.org`)
      await Promise.all(recipients.map((to) => tested.mailer.send(mailTo(to))))
      const reached = (await received()).map(({ to }) => to?.[0]?.address)
      expect(reached.toSorted()).toEqual(recipients.toSorted())
    })

    it('finishes what is being sent before it stops, and takes nothing more', async () => {
      const sending = ['ann@example.org', 'bob@example.org'].map((to) =>
        settled(tested.mailer.send(mailTo(to))),
      )
      await stop()
      const late = await settled(tested.mailer.send(mailTo('late@example.org')))
      expect(await Promise.all(sending)).toEqual(['accepted', 'accepted'])
      expect(late).toBeInstanceOf(DependencyError)
      expect(await received()).toHaveLength(2)
    })

    it('counts mails by outcome', async () => {
      await tested.mailer.send(mailTo('ann@example.org'))
      expect(await metrics.metrics()).toContain('cinegraph_mails_total{outcome="accepted"} 1')
    })
  })
}
