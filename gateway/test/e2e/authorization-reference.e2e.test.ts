import { isDeepStrictEqual } from 'node:util'
import type { UserViewer, Viewer } from '@cinegraph/kit/identity'
import fc from 'fast-check'
import { parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { startGuarded } from '../harness/gateway.js'
import { generateOperation } from '../harness/guarded-operations.js'
import {
  fieldsAsked,
  guardedSchema,
  maySelect,
  referenceData,
  referencePaths,
} from '../harness/guarded-reference.js'
import { ALL_PERMISSIONS, guardedSchemas } from '../harness/guarded-subgraphs.js'
import { inSeconds, startTokenIssuer, type TokenIssuer } from '../harness/token-issuer.js'

const OPERATIONS = 300
const SEED = 20_240
const NONE = 1_000_000
const UNLIMITED = {
  ...{ characters: NONE, tokens: NONE, depth: NONE, fields: NONE, rootFields: NONE },
  ...{ aliases: NONE, directives: NONE, nodes: NONE },
}

const user = (permissions: string[]): UserViewer => ({
  ...{ kind: 'user', id: 'user-1', sessionId: 'session-1', roles: ['user'] },
  permissions,
})
const ADMIN = user(ALL_PERMISSIONS)
const VIEWERS: Viewer[] = [
  { kind: 'anonymous', roles: [], permissions: [] },
  user([]),
  user(['memos:read', 'items:write', 'users:read']),
  user(['vault:open', 'stamps:read', 'prices:read']),
]

type Asked = { text: string; variables: object }

/** A gateway of its own for one viewer. */
async function startFor(viewer: Viewer, tokens: TokenIssuer) {
  const { permissions } = viewer
  const headers: Record<string, string> =
    viewer.kind === 'anonymous'
      ? {}
      : { authorization: `Bearer ${await tokens.token({ permissions, exp: inSeconds(3600) })}` }
  const toys = await startGuarded({ tokens, operationLimits: UNLIMITED })
  const ask = ({ text, variables }: Asked) => toys.post(text, { variables, headers })
  return { ...toys, viewer, ask }
}

const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data))

it(
  `gives each viewer what a reference evaluation of ${OPERATIONS} operations gives`,
  { timeout: 240_000 },
  async () => {
    const tokens = await startTokenIssuer()
    const admin = await startFor(ADMIN, tokens)
    const gateways = await Promise.all(VIEWERS.map((it) => startFor(it, tokens)))
    let refused = 0
    let misread = 0

    const property = fc.asyncProperty(fc.gen(), async (draw) => {
      const asked = generateOperation(draw, fc)
      const document = parse(asked.text)
      fc.pre(validate(guardedSchema, document).length === 0)
      const question = { document, variables: asked.variables }
      const whole = await admin.ask(asked)
      if (
        !isDeepStrictEqual(whole.data, plain(await referenceData({ ...question, viewer: ADMIN })))
      ) {
        misread += 1
        return
      }
      for (const { viewer, ask } of gateways) {
        const { status, data, errors } = await ask(asked)
        const paths = errors.map(({ path }) => path!.join('.'))
        const got = {
          ...{ asked, status, data, paths: paths.sort() },
          codes: new Set(errors.map(({ extensions }) => extensions['code'])),
        }
        const expectedPaths = [...referencePaths({ ...question, viewer })].sort()
        expect(got).toEqual({
          ...{ asked, status: 200, paths: expectedPaths },
          data: await referenceData({ ...question, viewer }),
          codes: new Set(expectedPaths.length > 0 ? ['UNAUTHORIZED_FIELD_OR_TYPE'] : []),
        })
        refused += paths.length
      }
    })
    await fc.assert(property, { numRuns: OPERATIONS, seed: SEED, endOnFailure: true })

    // Apollo's executor itself is wrong about some operations that nobody would write
    expect(misread).toBeLessThan(OPERATIONS / 50)
    expect(refused).toBeGreaterThan(OPERATIONS)
    const schemas = guardedSchemas([])
    for (const { viewer, subgraphs, done } of gateways) {
      const sent = (['shelves', 'reviews'] as const).flatMap((name) =>
        subgraphs[name].received.flatMap(({ query }) => fieldsAsked(schemas[name], query)),
      )
      expect(sent.length).toBeGreaterThan(OPERATIONS)
      expect(sent.filter(([type, field]) => !maySelect(type, field, viewer))).toEqual([])
      const hasBurnt = done.some((it) => it.startsWith('burn'))
      expect(hasBurnt).toBe(maySelect('Mutation', 'burn', viewer))
    }
  },
)
