import { memoryLog } from '@cinegraph/testkit/log'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { expect, it, vi } from 'vitest'
import { createKeySource } from './key-source.js'

const makeKey = async (kid: string): Promise<JWK> => {
  const { publicKey } = await generateKeyPair('EdDSA')
  return { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }
}
const [first, second] = await Promise.all([makeKey('key-1'), makeKey('key-2')])

/** A source whose fetches a test answers, in the order in which they are asked. */
function start() {
  const asked: PromiseWithResolvers<Response>[] = []
  const { log, lines } = memoryLog()
  const source = createKeySource({
    url: new URL('http://users/jwks.json'),
    log,
    fetch: () => {
      const question = Promise.withResolvers<Response>()
      asked.push(question)
      return question.promise
    },
  })
  /** Resolves when there were so many fetches. */
  const fetched = (count: number) => vi.waitUntil(() => asked.length >= count, { timeout: 20_000 })
  return {
    ...source,
    lines,
    fetched,
    fetches: () => asked.length,
    find: async (kid: string) =>
      source.keyOf({ alg: 'EdDSA', kid }, { payload: '', signature: '' }),
    answer: async (fetch: number, respond: () => Response) => {
      await fetched(fetch)
      asked[fetch - 1]!.resolve(respond())
    },
  }
}
const keys =
  (...keys: JWK[]) =>
  () =>
    Response.json({ keys })
const down = () => new Response(null, { status: 503 })

async function started() {
  const source = start()
  await Promise.all([source.find('key-1'), source.answer(1, keys(first))])
  return source
}

it('keys are read anew after a fetch that was under way: the first', async () => {
  const { find, reread, answer, fetched } = start()
  const before = find('key-1')
  await fetched(1)
  reread()
  const after = find('key-2')
  await answer(1, keys(first))
  await before
  await answer(2, keys(first, second))
  expect(await after).toMatchObject({ type: 'public' })
})

it('keys are read anew after a fetch that was under way: one that read them anew', async () => {
  const { find, reread, answer, fetched } = await started()
  reread()
  await fetched(2)
  reread()
  const found = find('key-2')
  await answer(2, keys(first))
  await answer(3, keys(first, second))
  expect(await found).toMatchObject({ type: 'public' })
})

it('keys are read anew although the fetch before failed, which costs nobody the known ones', async () => {
  const { find, reread, answer, fetched, lines } = await started()
  reread()
  await fetched(2)
  reread()
  const found = find('key-2')
  await answer(2, down)
  await answer(3, keys(first, second))
  expect(await found).toMatchObject({ type: 'public' })
  expect(await find('key-1')).toMatchObject({ type: 'public' })
  expect(lines).toMatchObject([{ level: 'warn', msg: 'could not refresh the token keys' }])
})

it('who wants them anew at the same time shares a fetch', async () => {
  const { find, reread, answer, fetches } = await started()
  for (const _ of [1, 2, 3]) reread()
  const found = find('key-2')
  await answer(2, keys(first, second))
  await found
  expect(fetches()).toBe(2)
})

it('keys that nobody needed yet are not read anew', async () => {
  const { find, reread, answer, fetches } = start()
  reread()
  const found = find('key-1')
  await answer(1, keys(first))
  await found
  expect(fetches()).toBe(1)
})
