/** Tells a person what happens, one line per step: `step` shows the time it took and what came of it. */
export interface Progress {
  step<T>(name: string, work: () => Promise<T>, outcome?: (result: T) => string): Promise<T>
  say(text: string): void
}

export function createProgress(write: (text: string) => void): Progress {
  return {
    async step(name, work, outcome = () => 'ready') {
      const started = performance.now()
      const result = await work()
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5)
      write(`  ${name.padEnd(14)} ${seconds} s   ${outcome(result)}\n`)
      return result
    },
    say: (text) => write(`${text}\n`),
  }
}
