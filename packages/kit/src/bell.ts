/** Wakes a loop that waits. Who rings while it does not wait is heard when it does. */
export class Bell {
  private rung = Promise.withResolvers<undefined>()

  ring(): void {
    this.rung.resolve(undefined)
  }

  /** Resolves when it was rung, after `ms` milliseconds, or when `signal` aborts. Keeps no process alive. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const { resolve } = this.rung
    const end = () => resolve(undefined)
    const timer = setTimeout(end, ms).unref()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    await this.rung.promise
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    this.rung = Promise.withResolvers<undefined>()
  }
}
