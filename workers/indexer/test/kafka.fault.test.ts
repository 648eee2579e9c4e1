import { type OpenedServer, openServer } from '@cinegraph/native/open-server'
import { realServer } from '@cinegraph/testkit/real-server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openStage, type Stage } from './stage.js'

// Java starts
const SERVER_MS = 180_000

const until = (condition: () => unknown) =>
  vi.waitUntil(condition, { timeout: 120_000, interval: 20 })

describe.skipIf(realServer('kafka') === undefined)('with the event log in Kafka', () => {
  let kafka: OpenedServer
  let stage: Stage
  beforeAll(async () => {
    kafka = await openServer('kafka')
    stage = await openStage({ eventLogUrl: kafka.url })
  }, SERVER_MS)
  afterAll(() => kafka.close(), SERVER_MS)

  const isFound = async (text: string, id: string) => {
    const { hits } = await stage.search.films({
      ...{ text, language: 'en', filter: { audiences: ['everyone'] }, first: 10 },
      sort: { field: 'RELEVANCE', direction: 'DESC' },
    })
    return hits.some((hit) => hit.id === id)
  }

  test(
    'an edit is searchable, also one that was made while Kafka was away',
    { timeout: SERVER_MS },
    async () => {
      const { editor } = stage
      await stage.runWorkers()
      const id = await editor.createFilm('Aurora')
      await until(() => isFound('aurora', id))

      await kafka.pause()
      await editor.retitleFilm(id, 'Borealis')
      await kafka.resume()
      await until(() => isFound('borealis', id))

      await kafka.kill()
      const second = await editor.createFilm('Corona')
      await editor.retitleFilm(id, 'Australis')
      await kafka.start()
      await until(async () => (await isFound('australis', id)) && (await isFound('corona', second)))
      expect(await stage.differences()).toEqual([])
    },
  )
})
