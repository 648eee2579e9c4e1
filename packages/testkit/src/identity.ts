import { generateKeyPairSync, randomUUID } from 'node:crypto'
import {
  createViewerSigner,
  createViewerVerifier,
  VIEWER_HEADER,
  type UserViewer,
  type Viewer,
} from '@cinegraph/kit/identity'

export { ANONYMOUS } from '@cinegraph/kit/identity'

const pair = generateKeyPairSync('ed25519')
const privateKey = pair.privateKey.export({ format: 'jwk' })
const publicKey = pair.publicKey.export({ format: 'jwk' })
const sign = await createViewerSigner(privateKey)

/** The gateway's part in tests of one subgraph: a key pair of this test file (Ed25519 JWKs) and what it signs. */
export const testIdentity = {
  publicKey,
  privateKey,
  /** The headers with which the gateway would call the subgraph `audience` for `viewer`. */
  async headersFor(viewer: Viewer, audience: string): Promise<Record<string, string>> {
    return { [VIEWER_HEADER]: await sign(viewer, audience) }
  },
  /** What the subgraph `audience` verifies these headers with. */
  verifierFor: (audience: string) => createViewerVerifier({ publicKey, audience }),
}

/** A viewer who is logged in, by default a new one with role `user` and no permissions. */
export function asUser(
  given: Partial<Pick<UserViewer, 'id' | 'sessionId' | 'roles' | 'permissions'>> = {},
): UserViewer {
  return {
    kind: 'user',
    id: randomUUID(),
    sessionId: randomUUID(),
    roles: ['user'],
    permissions: [],
    ...given,
  }
}
