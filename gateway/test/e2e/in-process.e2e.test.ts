import { once } from 'node:events'
import { composeServices } from '@apollo/composition'
import { AppError } from '@cinegraph/kit/errors'
import { createSubgraph, type RequestContext } from '@cinegraph/kit/graphql/subgraph'
import { createViewerSigner, createViewerVerifier } from '@cinegraph/kit/identity'
import { createLogger } from '@cinegraph/kit/logger'
import { exportJWK, generateKeyPair } from 'jose'
import { parse } from 'graphql'
import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { expect, it, onTestFinished } from 'vitest'
import { startToys } from '../harness/gateway.js'
import { CLAIMS, startTokenIssuer } from '../harness/token-issuer.js'

@ObjectType()
class Film {
  @Field(() => String)
  title = 'Metropolis'

  @Field(() => Film)
  sequel(): Film {
    sequels += 1
    return new Film()
  }
}

@Resolver()
class GreetingResolver {
  @Query(() => String, { nullable: true })
  whoAmI(@Ctx() { viewer }: RequestContext): string {
    return viewer.kind === 'user' ? viewer.id : 'nobody'
  }

  @Query(() => String, { nullable: true })
  echo(@Arg('text', () => String) text: string): string {
    if (text === '') throw new AppError('BAD_USER_INPUT', 'Say something.', { argument: ['text'] })
    return text
  }

  @Query(() => String, { nullable: true })
  stamp(@Ctx() { cookies, client }: RequestContext): string {
    cookies.set({ name: 'access', value: 'new', path: '/', httpOnly: true })
    cookies.set({ name: 'tracker', value: 'new' })
    return JSON.stringify([cookies.get('access'), cookies.get('tracker'), client])
  }

  @Query(() => Film, { nullable: true })
  async filmAfterAll(@Ctx() { signal, log }: RequestContext): Promise<Film> {
    log.info({}, 'waits')
    await once(signal, 'abort')
    return new Film()
  }

  @Query(() => String, { nullable: true })
  never(@Ctx() { signal }: RequestContext): Promise<string> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        aborts += 1
        resolve('too late')
      })
    })
  }
}

let aborts = 0
let sequels = 0

/** A gateway over one real subgraph of the same process, without a socket between them. */
async function startInProcess(limits: { subgraphTimeoutMs?: number } = {}) {
  const log: { level: string }[] = []
  const write = (line: string) => void log.push(JSON.parse(line) as { level: string })
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  const greetings = await createSubgraph({
    name: 'greetings',
    resolvers: [new GreetingResolver()],
    log: createLogger({ name: 'greetings', level: 'info' }, { write }),
    verifyViewer: await createViewerVerifier({ publicKey, audience: 'greetings' }),
    context: (request) => request,
  })
  await greetings.start()
  onTestFinished(() => greetings.stop(AbortSignal.timeout(1_000)))
  const { supergraphSdl } = composeServices([
    { name: 'greetings', url: '', typeDefs: parse(greetings.sdl) },
  ])
  const tokens = await startTokenIssuer()
  const signViewer = await createViewerSigner(await exportJWK(pair.privateKey))
  const { post } = await startToys({
    supergraphSdl: supergraphSdl!,
    subgraphs: { greetings },
    tokens,
    signViewer,
    limits,
    subgraphCookies: { greetings: ['access'] },
  })
  return { post, tokens, log }
}

it('a subgraph of the process learns who asks from the same signed header', async () => {
  const { post, tokens } = await startInProcess()
  expect((await post('{ whoAmI }')).data).toEqual({ whoAmI: 'nobody' })
  const headers = { authorization: `Bearer ${await tokens.token()}` }
  expect((await post('{ whoAmI }', { headers })).data).toEqual({ whoAmI: CLAIMS.sub })
})

it('its cookies pass by the same allow-list, and it learns of the client', async () => {
  const { post } = await startInProcess()
  const headers = { cookie: 'access=old; tracker=t', 'user-agent': 'cinema' }
  const answer = await post('{ stamp }', { headers })
  expect(JSON.parse((answer.data as { stamp: string }).stamp)).toEqual([
    'old',
    null,
    { address: '127.0.0.1', userAgent: 'cinema' },
  ])
  expect(answer.headers.getSetCookie()).toEqual(['access=new; Path=/; HttpOnly'])
})

it('its errors keep code, message, path and argument', async () => {
  const { post } = await startInProcess()
  const { data, errors } = await post('{ said: echo(text: "") whoAmI }')
  expect(data).toEqual({ said: null, whoAmI: 'nobody' })
  expect(errors).toMatchObject([
    {
      message: 'Say something.',
      path: ['said'],
      extensions: { code: 'BAD_USER_INPUT', argument: ['text'] },
    },
  ])
})

it('it is not waited for longer than any other subgraph, and told so', async () => {
  const { post } = await startInProcess({ subgraphTimeoutMs: 100 })
  const { data, errors } = await post('{ never }')
  expect(data).toEqual({ never: null })
  expect(errors).toMatchObject([{ path: ['never'], extensions: { code: 'SERVICE_UNAVAILABLE' } }])
  await expect.poll(() => aborts).toBe(1)
})

it('a client that goes away is no failure of it, and nothing more is resolved for it', async () => {
  const { post, log } = await startInProcess()
  const client = new AbortController()
  const query = '{ filmAfterAll { sequel { title } } }'
  const left = expect(post(query, { signal: client.signal })).rejects.toThrow()
  await expect.poll(() => log).toMatchObject([{ msg: 'waits' }])
  client.abort()
  await left
  await expect.poll(() => log).toHaveLength(2)
  expect(log[1]).toMatchObject({ level: 'info', code: 'SERVICE_UNAVAILABLE' })
  expect(sequels).toBe(0)
})
