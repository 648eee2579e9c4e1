import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '@cinegraph/kit/config'
import { DependencyError } from '@cinegraph/kit/errors'
import { memoryLog } from '@cinegraph/testkit/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mailFolder } from './file.js'
import { mailTo, settled } from './mailer-under-test.contract.js'
import { openMailer } from './open.js'

let root: string
let folder: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cinegraph-mail-'))
  folder = path.join(root, 'kept', 'mail')
})
afterEach(() => rm(root, { recursive: true }))

const NOW = new Date('2026-11-22T05:16:12.123Z')
const open = (url = pathToFileURL(folder).href) =>
  openMailer({ url, from: 'mail@cinegraph.test', log: memoryLog().log, now: () => NOW })

const modeOf = async (file: string) => (await stat(file)).mode & 0o777

describe('a folder of mails', () => {
  it('has a file for each, named by time, address and subject', async () => {
    const mailer = open()
    await mailer.start()
    await mailer.send({ ...mailTo('ann@example.org'), subject: 'Подтвердите адрес: ../сейчас!' })
    await mailer.send({ ...mailTo('a/../b@example.org'), subject: '🎬'.repeat(200) })
    const [first, second] = (await readdir(folder)).sort()
    expect(first).toMatch(
      /^2026-11-22T05-16-12-123Z_ann@example\.org_Подтвердите-адрес-\.\.-сейчас-_[0-9a-f]{4}\.eml$/,
    )
    expect(second).toMatch(/^2026-11-22T05-16-12-124Z_a-\.\.-b@example\.org_-_[0-9a-f]{4}\.eml$/)
  })

  it('keeps the order of mails of one millisecond', async () => {
    const mailer = open()
    await mailer.start()
    const sent = Array.from({ length: 20 }, (_, index) => `reader-${index}@example.org`)
    for (const to of sent) await mailer.send(mailTo(to))
    const named = (await readdir(folder)).sort().map((name) => name.split('_')[1])
    expect(named).toEqual(sent)
  })

  it('is for its owner alone', async () => {
    const mailer = open()
    await mailer.start()
    await mailer.send(mailTo('ann@example.org'))
    const [name = ''] = await readdir(folder)
    expect(await modeOf(folder)).toBe(0o700)
    expect(await modeOf(path.join(folder, name))).toBe(0o600)
  })

  it('that cannot be made is a problem of the settings', async () => {
    await writeFile(path.join(root, 'kept'), 'a file')
    const start = open().start()
    await expect(start).rejects.toThrow(ConfigError)
    await expect(start).rejects.toThrow(/^MAIL_URL: cannot use the folder .*kept\/mail/)
  })

  it('that is lost while we run is an outage, and leaves no half a mail', async () => {
    const mailer = open()
    await mailer.start()
    await rm(folder, { recursive: true })
    const error = await settled(mailer.send(mailTo('ann@example.org')))
    expect(error).toBeInstanceOf(DependencyError)
    expect(await readdir(path.dirname(folder))).toEqual([])
  })
})

describe('the URL of a folder', () => {
  it.each([
    ['file:///var/mail', '/var/mail'],
    ['file:/var/my%20mail', '/var/my mail'],
    ['file:.cinegraph/mail', path.resolve('.cinegraph/mail')],
    ['file:mail', path.resolve('mail')],
  ])('%s names %s', (url, expected) => {
    expect(mailFolder(url)).toBe(expected)
  })

  it.each(['file:', 'file://', 'file://mail', 'file://mail/new'])('%s names none', (url) => {
    expect(() => open(url)).toThrow(/^MAIL_URL: must name a folder/)
  })
})
