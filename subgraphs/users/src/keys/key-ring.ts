import { createListener } from '@cinegraph/engines/postgres/listen'
import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import { DependencyError } from '@cinegraph/kit/errors'
import { aborted, createService, type Service, startAll, stopAll } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import { createPeriodic } from '@cinegraph/kit/periodic'
import type { JWK } from 'jose'
import type { KeyEncryption } from './key-encryption.js'
import {
  isRetired,
  makeKey,
  openKey,
  signerAt,
  SIGNING_ALGORITHM,
  type SigningKey,
} from './signing-key.js'
import {
  KEYS_CHANNEL,
  type SigningKeyRepository,
  type SigningKeyRow,
} from './signing-key.repository.js'

/** A process hears of a rotation at once. When the notification is lost, it finds out within this time. */
const REREAD_MS = 30_000

/** The keys of access tokens. Starts with those of the database, making the first one; a secret that does not open them is a ConfigError. */
export type KeyRing = Service & {
  /** The key that signs new tokens. Throws DependencyError when all that were read have retired since. */
  current(): SigningKey
  /** RFC 7517: the public half of every key whose tokens are accepted, now or soon. While they cannot be read, as they were last. */
  jwks(): Promise<{ readonly keys: readonly JWK[] }>
}

export interface KeyRingOptions {
  postgres: Pick<Postgres, 'pool'>
  repository: SigningKeyRepository
  encryption: KeyEncryption
  log: Logger
  now: Clock
}

type OpenedKey = SigningKey & SigningKeyRow

export function createKeyRing(options: KeyRingOptions): KeyRing {
  const { postgres, repository, encryption, log, now } = options
  let opened: readonly OpenedKey[] = []
  let reading = Promise.resolve()
  let queued: Promise<void> | undefined

  const read = async () => {
    const known = new Map(opened.map((it) => [it.id, it]))
    const rows = await repository.findAll()
    opened = await Promise.all(
      rows.map(async (row) => ({
        ...(known.get(row.id) ?? (await openKey(row, encryption))),
        ...row,
      })),
    )
  }
  // one after the other, so that an older answer never replaces a newer one; who asks before a read begins shares it
  const refresh = () => {
    queued ??= reading = reading.then(async () => {
      queued = undefined
      await read().catch((error: unknown) => log.error({ err: error }, 'could not read the keys'))
    })
    return queued
  }
  const following = [
    createPeriodic({ name: 'signing-keys-reread', everyMs: REREAD_MS, work: refresh, log }),
    createListener({ postgres, channel: KEYS_CHANNEL, onNews: () => void refresh(), log }),
  ]
  const service = createService({
    name: 'signing-keys',
    async start() {
      await ensureKey(repository, encryption, now)
      await read()
      await startAll(following)
    },
    async stop(deadline) {
      await stopAll(following, deadline)
      await Promise.race([reading, aborted(deadline)])
    },
  })
  return {
    ...service,
    current() {
      const signer = signerAt(opened, now())
      if (signer) return signer
      throw new DependencyError('postgres', 'all signing keys that could be read have retired')
    },
    async jwks() {
      await refresh()
      const live = opened.filter((key) => !isRetired(key, now()))
      return { keys: live.map(published) }
    },
  }
}

const published = ({ publicJwk, id }: SigningKeyRow): JWK => ({
  ...publicJwk,
  kid: id,
  alg: SIGNING_ALGORITHM,
  use: 'sig',
})

/** However many processes start at once on an empty database, one makes the first key. */
const ensureKey = (repository: SigningKeyRepository, encryption: KeyEncryption, now: Clock) =>
  repository.inTurn(async (keys) => {
    if ((await keys.findAll()).length > 0) return
    const createdAt = now()
    await keys.add(await makeKey(encryption, { createdAt, signsFrom: createdAt }))
  })
