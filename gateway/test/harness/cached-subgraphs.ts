import { composeServices } from '@apollo/composition'
import { AppError } from '@cinegraph/kit/errors'
import { Authenticated } from '@cinegraph/kit/graphql/authorization'
import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import {
  createSubgraph,
  type RequestContext,
  serveSubgraph,
  type Subgraph,
} from '@cinegraph/kit/graphql/subgraph'
import { createViewerSigner, createViewerVerifier } from '@cinegraph/kit/identity'
import { createLogger } from '@cinegraph/kit/logger'
import { createMetrics } from '@cinegraph/kit/metrics'
import type { GatewayOptions } from '@cinegraph/gateway/gateway'
import { parse } from 'graphql'
import { exportJWK, generateKeyPair } from 'jose'
import { Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { onTestFinished } from 'vitest'
import { startToys } from './gateway.js'

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 60 })
@ObjectType('Show')
class Show {
  @Field(() => ID)
  id = '1'

  @Field(() => String)
  title = 'Metropolis'

  @CacheControl({ maxAge: 5 })
  @Field(() => Int)
  likes = 3

  @CacheControl({ scope: 'PRIVATE' })
  @Field(() => String)
  note = 'mine'

  // its hint is wrong on purpose
  @Authenticated()
  @CacheControl({ maxAge: 60 })
  @Field(() => Int, { nullable: true })
  budget = 5_000_000

  @Field(() => String, { nullable: true })
  torn(): string {
    throw new AppError('NOT_FOUND', 'It is torn.')
  }
}

@Directive('@key(fields: "id")')
@CacheControl({ maxAge: 20 })
@ObjectType('Show')
class SeatedShow {
  @Field(() => ID)
  id = '1'

  @Field(() => Int, { nullable: true })
  seats = 100

  @CacheControl({ scope: 'PRIVATE' })
  @Field(() => Int, { nullable: true })
  mySeat = 7
}

@Resolver()
class ShowResolver {
  @Query(() => Show, { nullable: true })
  show(): Show {
    return new Show()
  }

  @Query(() => Show, { nullable: true })
  noShow(): null {
    return null
  }

  @Query(() => Int, { nullable: true })
  count(): number {
    return 1
  }

  @CacheControl({ maxAge: 60 })
  @Query(() => String, { nullable: true })
  stamp(@Ctx() { cookies }: RequestContext): string {
    cookies.set({ name: 'access', value: 'new', path: '/' })
    return 'stamped'
  }

  @Mutation(() => Show, { nullable: true })
  rename(): Show {
    return new Show()
  }
}

@Resolver()
class SeatResolver {
  @CacheControl({ maxAge: 90 })
  @Query(() => Int, { nullable: true })
  halls(): number {
    return 2
  }
}

export type TransportName = 'in process' | 'over HTTP'

/** A gateway over two subgraphs of the kit with cache hints, which it reaches in this way. */
export async function startCached(transport: TransportName, options: Partial<GatewayOptions> = {}) {
  const pair = await generateKeyPair('EdDSA', { extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  const log = createLogger({ name: 'test', level: 'fatal' })
  const open = async (name: string, resolver: object, entity: new () => object) => {
    const subgraph = await createSubgraph({
      name,
      log,
      resolvers: [resolver],
      orphanedTypes: [entity as typeof Show],
      references: { Show: () => new entity() },
      verifyViewer: await createViewerVerifier({ publicKey, audience: name }),
      context: (request) => request,
    })
    await subgraph.start()
    onTestFinished(() => subgraph.stop(AbortSignal.timeout(1_000)))
    return subgraph
  }
  const subgraphs: Record<string, Subgraph> = {
    shows: await open('shows', new ShowResolver(), Show),
    seats: await open('seats', new SeatResolver(), SeatedShow),
  }
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: '', typeDefs: parse(sdl) })),
  )
  if (!supergraphSdl) throw new Error(errors?.join('\n'))
  return startToys({
    supergraphSdl,
    signViewer: await createViewerSigner(await exportJWK(pair.privateKey)),
    subgraphCookies: { shows: ['access'] },
    ...(transport === 'in process' ? { subgraphs } : { subgraphUrls: await serve(subgraphs) }),
    ...options,
  })
}

async function serve(subgraphs: Readonly<Record<string, Subgraph>>) {
  const urls: Record<string, string> = {}
  for (const [name, subgraph] of Object.entries(subgraphs)) {
    const log = createLogger({ name, level: 'fatal' })
    const server = await serveSubgraph(subgraph, {
      ...{ host: '127.0.0.1', port: 0, log, metrics: createMetrics(), dependencies: [] },
    })
    await server.start()
    onTestFinished(() => server.stop(AbortSignal.timeout(1_000)))
    urls[name] = `${server.url}/graphql`
  }
  return urls
}
