import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { childUser } from '@cinegraph/embedded/unprivileged'

/** Writes a file of settings, which hold passwords, for the user that the server runs as and nobody else. */
export async function writeSettings(file: string, lines: readonly string[]): Promise<void> {
  // one that is there keeps its owner and mode
  await rm(file, { force: true })
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  await giveAway(file)
}

/** Makes a folder, unless it is there, in which that user alone may read and write. */
export async function makeOwned(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await giveAway(folder)
}

async function giveAway(path: string): Promise<void> {
  const user = childUser()
  if (user) await chown(path, user.uid, user.gid)
}
