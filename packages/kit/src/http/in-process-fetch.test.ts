import { describe, expect, it } from 'vitest'
import { inProcessFetch } from './in-process-fetch.js'

describe('a fetch in process', () => {
  it('brings path, search and headers there, and status, headers and body back', async () => {
    const fetch = await inProcessFetch(async (app) => {
      app.get('/feed', async ({ url, headers }, reply) =>
        reply.code(202).header('x-answer', 'yes').send({ url, viewer: headers['x-viewer'] }),
      )
    })
    const headers = { 'x-viewer': 'ann' }
    const answer = await fetch('http://users/feed?after=1&wait=2', { headers })
    expect([answer.status, answer.headers.get('x-answer')]).toEqual([202, 'yes'])
    expect(await answer.json()).toEqual({ url: '/feed?after=1&wait=2', viewer: 'ann' })
  })

  it('that is aborted rejects at once, and the route learns that the caller has gone', async () => {
    const waiting = Promise.withResolvers<undefined>()
    const gone = Promise.withResolvers<undefined>()
    const fetch = await inProcessFetch(async (app) => {
      app.get('/poll', async (_request, reply) => {
        reply.raw.once('close', () => gone.resolve(undefined))
        waiting.resolve(undefined)
        await gone.promise
      })
    })
    const caller = new AbortController()
    const answer = fetch('http://users/poll', { signal: caller.signal })
    const rejected = expect(answer).rejects.toThrow(/abort/i)
    await waiting.promise
    caller.abort()
    await rejected
    await gone.promise
  })
})
