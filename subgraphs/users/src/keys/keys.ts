import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { Clock } from '@cinegraph/kit/clock'
import type { Logger } from '@cinegraph/kit/logger'
import { jwksRoute } from './jwks.route.js'
import { createKeyEncryption } from './key-encryption.js'
import { createKeyRing } from './key-ring.js'
import { SigningKeyRepository } from './signing-key.repository.js'

export interface KeysDependencies {
  postgres: Postgres
  encryptionSecret: string
  log: Logger
  now: Clock
}

/** The keys of access tokens, wired. */
export function createKeys({ postgres, encryptionSecret, log, now }: KeysDependencies) {
  const repository = new SigningKeyRepository(postgres.prisma)
  const encryption = createKeyEncryption(encryptionSecret)
  const keys = createKeyRing({ postgres, repository, encryption, log, now })
  return {
    keys,
    route: jwksRoute(keys),
    services: [keys],
    expiring: { signing_keys: repository },
  }
}
