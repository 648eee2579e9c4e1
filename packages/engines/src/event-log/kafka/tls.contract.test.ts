import tls from 'node:tls'
import { ConfigError } from '@cinegraph/kit/config'
import { type OpenedServer, openServer } from '@cinegraph/native/open-server'
import { memoryLog } from '@cinegraph/testkit/log'
import { realServer } from '@cinegraph/testkit/real-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createLedger,
  createStage,
  newGroup,
  newTopic,
  numbered,
  until,
} from '../contract/log-under-test.contract.js'
import { onKafka } from './kafka.contract.js'

describe.skipIf(realServer('kafka') === undefined)('Kafka by TLS', () => {
  let kafka: OpenedServer
  beforeAll(async () => {
    kafka = await openServer('kafka')
  })
  afterAll(() => kafka.close())

  const { log, lines } = memoryLog()
  const trusted = tls.getCACertificates()
  const trust = () => tls.setDefaultCACertificates([...trusted, kafka.tls!.certificate])
  afterAll(() => tls.setDefaultCACertificates(trusted))

  const startAt = async (url: string) => {
    const eventLog = await onKafka(url, log).open({ topics: [] })
    return eventLog.start().catch((error: unknown) => error)
  }
  const changed = (url: string, change: (url: URL) => void) => {
    const parts = new URL(url)
    change(parts)
    return parts.href
  }

  it('is not talked to when nobody vouches for its certificate', async () => {
    const error = await startAt(kafka.tls!.url)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).message).toMatch(
      /^EVENT_LOG_URL: no Kafka answers at 127\.0\.0\.1:\d+ by TLS \(.*self-signed certificate.*\)$/s,
    )
  })

  describe('that is trusted', () => {
    beforeAll(trust)

    const adapterAt = (search: string) => {
      const url = () => changed(kafka.tls!.url, (it) => (it.search = search))
      return {
        url: async () => url(),
        open: (settings: Parameters<ReturnType<typeof onKafka>['open']>[0]) =>
          onKafka(url(), log).open(settings),
        expire: async () => {},
      }
    }

    describe.each(['plain', 'scram-sha-256', 'scram-sha-512'])('with a log-in by %s', (sasl) => {
      const stage = createStage(adapterAt(`?sasl=${sasl}`))

      it('takes records and gives them', async () => {
        const topic = newTopic(2)
        const eventLog = await stage.open([topic])
        const records = numbered(100, ['a', 'b', 'c'])
        await eventLog.append(topic.name, records)
        const ledger = createLedger()
        await stage.consume(eventLog, {
          group: newGroup(),
          topics: [topic.name],
          handle: ledger.handle,
        })
        await until(() => ledger.records.length === records.length)
        expect(
          ledger
            .values()
            .map(Number)
            .toSorted((a, b) => a - b),
        ).toEqual(records.map(({ value }) => Number(value)))
      })

      it('refuses a wrong password', async () => {
        const url = changed(kafka.tls!.url, (it) => {
          it.password = 'wrong'
          it.search = `?sasl=${sasl}`
        })
        const error = await startAt(url)
        expect(error).toBeInstanceOf(ConfigError)
        expect((error as ConfigError).message).toMatch(/refuses this user or password$/)
      })
    })

    it('hangs up on who comes without TLS, which says so', async () => {
      const error = await startAt(kafka.tls!.url.replace('kafkas:', 'kafka:'))
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).message).toMatch(/hangs up: it wants TLS \(kafkas:\)$/)
    })

    it('leaves no password in the log', () => {
      expect(lines.length).toBeGreaterThan(0)
      expect(JSON.stringify(lines)).not.toContain(new URL(kafka.url).password)
    })
  })
})
