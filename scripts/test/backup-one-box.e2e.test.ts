import { chmod, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { until } from '@cinegraph/testkit/until'
import { afterAll, expect, test } from 'vitest'
import { logIn, publishFilm, refresh, register, search } from './backed-up.js'
import { documented, runShell } from './documented.js'
import { askingAt, openCinegraph } from './harness.js'
import { CHEAP_PASSWORDS, PASSWORD } from './people.js'

const folder = await mkdtemp(path.join(tmpdir(), 'cinegraph-box-'))
// when we are root, Postgres is another user, who must be able to enter
await chmod(folder, 0o711)
const stops: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const stop of stops) await stop()
  await rm(folder, { recursive: true })
})

/** `npm start` on a data folder, without a URL of any server. */
async function start(name: string) {
  const settings = { ...CHEAP_PASSWORDS, CINEGRAPH_DATA: path.join(folder, name) }
  const { cinegraph, secrets } = await openCinegraph(settings)
  const stop = () => cinegraph.stop(AbortSignal.timeout(30_000))
  stops.push(stop)
  await cinegraph.start()
  return { ...askingAt(cinegraph.url), secrets, stop }
}

test('one box comes back from a copy of its folder, wherever that lies', async () => {
  const box = await start('.cinegraph')
  const { accessToken, refreshToken } = await register(box, 'before', PASSWORD)
  const editor = await logIn(box, 'editor', box.secrets.demoPasswords.editor)
  await publishFilm(box, editor.accessToken, 'Quibblewick')
  await until(async () => (await search(box, 'quibblewick')).length === 1)
  await box.stop()

  const [copy] = await documented('The folder of one box', 'sh')
  await runShell(copy!.replaceAll('/backup', folder), { cwd: folder })
  const again = await start('.cinegraph')
  await register(again, 'after', PASSWORD)
  await again.stop()
  // nothing may lead back to it
  await rename(path.join(folder, '.cinegraph'), path.join(folder, 'lost'))

  await runShell('npm run keys -- rotate --compromised', {
    env: { CINEGRAPH_DATA: path.join(folder, 'cinegraph') },
  })
  const restored = await start('cinegraph')
  const refused = await restored.ask({ query: '{ me { login } }', token: accessToken })
  expect(refused.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
  await logIn(restored, 'before', PASSWORD)
  await refresh(restored, refreshToken)
  expect(await search(restored, 'quibblewick')).toEqual(['Quibblewick'])
  await expect(logIn(restored, 'after', PASSWORD)).rejects.toThrow('UNAUTHENTICATED')
}, 300_000)
