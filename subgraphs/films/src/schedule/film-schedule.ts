import type { Clock } from '@cinegraph/kit/clock'
import type { Service } from '@cinegraph/kit/lifecycle'
import type { Logger } from '@cinegraph/kit/logger'
import type { Registry } from '@cinegraph/kit/metrics'
import { createPeriodic } from '@cinegraph/kit/periodic'
import type { DuePlace, FilmEditRepository } from '../editing/film-edit.repository.js'
import type { FilmEditingService } from '../editing/film-editing.service.js'
import { createScheduleMetrics, type ScheduleMetrics } from './schedule.metrics.js'

// films that are looked for at once
const BATCH = 100
// while the database is away, for one line of the log each time
const AGAIN_MS = 5_000

export interface FilmScheduleOptions {
  edits: Pick<FilmEditRepository, 'due'>
  editing: Pick<FilmEditingService, 'publishDue'>
  log: Logger
  metrics: Registry
  now: Clock
  /** From one look for films that are due to the next. */
  everyMs: number
}

/**
 * Publishes films when their time has come, the longest due first: one is late by `everyMs` at most, and by as long as those
 * before it take. Any number of processes may do so at once: each film is published by one of them.
 */
export function createFilmSchedule(options: FilmScheduleOptions): Service {
  const schedule = new FilmSchedule(options)
  return createPeriodic({
    name: 'film schedule',
    everyMs: options.everyMs,
    againAfterMs: AGAIN_MS,
    work: (stopping) => schedule.run(stopping),
    log: options.log,
  })
}

export class FilmSchedule {
  private readonly metrics: ScheduleMetrics

  constructor(private readonly options: Omit<FilmScheduleOptions, 'everyMs'>) {
    this.metrics = createScheduleMetrics(options.metrics)
  }

  /** Publishes all that are due by now; `stopping` ends it early. One that fails is logged, and tried again with the next run. */
  async run(stopping: AbortSignal): Promise<void> {
    const { edits, now } = this.options
    const options = { now: now(), limit: BATCH }
    let after: DuePlace | undefined
    do {
      const due = await edits.due({ ...options, after })
      for (const { id } of due) {
        if (stopping.aborted) return
        await this.publish(id)
      }
      // on from there, not from the beginning: those that fail keep none of the others waiting
      after = due.length < BATCH ? undefined : due.at(-1)
    } while (after)
  }

  private async publish(filmId: string): Promise<void> {
    const { editing, log } = this.options
    try {
      if (!(await editing.publishDue(filmId))) return
      this.metrics.published.inc()
      log.info({ filmId }, 'scheduled film published')
    } catch (error) {
      this.metrics.failures.inc()
      log.error({ err: error, filmId }, 'scheduled film was not published')
    }
  }
}
