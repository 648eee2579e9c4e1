import { exportJWK, generateKeyPair } from 'jose'
import { openCache } from '@cinegraph/engines/cache/open'
import { openCounters } from '@cinegraph/engines/counters/open'
import { openMailer } from '@cinegraph/engines/mailer/open'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import type { Subgraph } from '@cinegraph/kit/graphql/subgraph'
import { createLogger } from '@cinegraph/kit/logger'
import { Registry } from '@cinegraph/kit/metrics'
import { createSubgraphs } from '../all-in-one/subgraphs.js'

const MAIL_URL = 'file:nowhere'
const MAIL_FROM = 'nobody@localhost'

/** All subgraphs as they are wired in production, over engines that are never started: for their SDL. */
export async function unstartedSubgraphs(): Promise<Subgraph[]> {
  const url = 'postgresql://nobody@127.0.0.1:1/nothing'
  const log = createLogger({ name: 'compose', level: 'error' })
  const postgres = openPostgres({ url, log })
  const { publicKey } = await generateKeyPair('EdDSA')
  return createSubgraphs({
    postgres,
    search: openSearchIndex({ url, postgres, log }),
    cache: openCache({ url: 'memory:', log }),
    counters: openCounters({ url: 'memory:' }),
    mailer: openMailer({ url: MAIL_URL, from: MAIL_FROM, log }),
    log,
    metrics: new Registry(),
    env: {
      DATABASE_URL: url,
      SEARCH_URL: url,
      MAIL_URL,
      MAIL_FROM,
      GATEWAY_PUBLIC_KEY: JSON.stringify(await exportJWK(publicKey)),
      USERS_KEY_ENCRYPTION_SECRET: 'x'.repeat(32),
    },
  })
}
