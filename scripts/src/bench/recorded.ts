import type { Contender } from './compare.js'

/** Notes what this process sends to a server, and sends it again without what was around it. */
export interface Recorder<Sent> {
  /** Runs `work` and returns what was sent meanwhile. */
  readonly record: <T>(work: () => Promise<T>) => Promise<{ result: T; sent: readonly Sent[] }>
  /** One after the other, as the first has to be answered before the others are known. Returns all answers as a text. */
  readonly resend: (sent: readonly Sent[]) => Promise<string>
}

/** Asks for something, and returns the ids in the answer. */
export type Question = () => Promise<readonly string[]>

export interface Recorded<Sent> {
  readonly question: Question
  readonly found: readonly string[]
  readonly sent: readonly Sent[]
}

export async function recordAll<Sent>(
  questions: readonly Question[],
  recorder: Recorder<Sent>,
): Promise<Recorded<Sent>[]> {
  const recorded: Recorded<Sent>[] = []
  for (const question of questions) {
    // what it remembers from then on is not sent again
    await question()
    const { result: found, sent } = await recorder.record(question)
    recorded.push({ question, found, sent })
  }
  return recorded
}

/** Questions in turn, beside what they send alone, which must find every id that they answer. */
export function besideSent<Sent>(
  recorded: readonly Recorded<Sent>[],
  { resend }: Recorder<Sent>,
): Record<'baseline' | 'candidate', Pick<Contender, 'run'>> {
  const [next, nextAlone] = [inTurn(recorded), inTurn(recorded)]
  return {
    baseline: {
      async run() {
        const { found, sent } = nextAlone()
        const answers = await resend(sent)
        return found.filter((id) => answers.includes(id))
      },
    },
    candidate: { run: () => next().question() },
  }
}

export const inTurn = <T>(items: readonly T[]): (() => T) => {
  let turn = 0
  return () => items[turn++ % items.length]!
}
