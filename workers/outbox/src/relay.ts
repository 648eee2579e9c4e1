import type { EventLog } from '@cinegraph/engines/event-log/event-log'
import { DependencyError } from '@cinegraph/kit/errors'
import type { Logger } from '@cinegraph/kit/logger'
import type { OutboxMetrics } from './outbox.metrics.js'
import type { OutboxRow, OutboxTurn } from './outbox.repository.js'

export interface RelayOptions {
  eventLog: Pick<EventLog, 'append'>
  /** Rows at most. */
  batch: number
  metrics: OutboxMetrics
  log: Logger
}

/** What has become of rows of one topic. */
interface Outcome {
  readonly sent: readonly OutboxRow[]
  readonly refused: readonly { row: OutboxRow; problem: string }[]
}

/**
 * Sends the oldest rows and deletes them; a crash in between sends them again. A row that the log refuses goes aside. Returns
 * how many there were; what was sent before an outage of the log is deleted, and the outage told.
 */
export async function relayOldest(
  turn: OutboxTurn,
  options: RelayOptions,
): Promise<{ rows: number; outage?: DependencyError }> {
  const rows = await turn.oldest(options.batch)
  for (const [topic, ofTopic] of Map.groupBy(rows, (row) => row.topic)) {
    let outcome: Outcome
    try {
      outcome = await send(options.eventLog, topic, ofTopic)
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error
      return { rows: rows.length, outage: error }
    }
    await settle(turn, outcome, options)
  }
  return { rows: rows.length }
}

async function send(
  eventLog: RelayOptions['eventLog'],
  topic: string,
  rows: readonly OutboxRow[],
): Promise<Outcome> {
  if ((await refusal(eventLog, topic, rows)) === undefined) return { sent: rows, refused: [] }
  // one of them is at fault: alone, each says for itself
  const sent: OutboxRow[] = []
  const refused = new Map<string, { row: OutboxRow; problem: string }>()
  for (const row of rows) {
    if (refused.has(row.key)) continue
    const problem = await refusal(eventLog, topic, [row])
    if (problem === undefined) sent.push(row)
    else refused.set(row.key, { row, problem })
  }
  return { sent, refused: [...refused.values()] }
}

/** Why the log will never have these records; undefined when it has them now. */
async function refusal(
  eventLog: RelayOptions['eventLog'],
  topic: string,
  rows: readonly OutboxRow[],
): Promise<string | undefined> {
  try {
    await eventLog.append(topic, rows)
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

async function settle(
  turn: OutboxTurn,
  { sent, refused }: Outcome,
  { metrics, log }: RelayOptions,
): Promise<void> {
  await turn.remove(sent)
  for (const { row, problem } of refused) {
    await turn.setAside(row, problem)
    const { topic, key, id: eventId } = row
    metrics.setAside.inc({ topic })
    log.error({ topic, key, eventId, problem }, 'event set aside')
  }
  const [first] = sent
  if (first) metrics.relayed.inc({ topic: first.topic }, sent.length)
}
