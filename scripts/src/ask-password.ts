import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

export interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** Asks for a new password, twice until it is the same, without showing it. `undefined` when the person gives up. */
export async function askPassword(
  login: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<string | undefined> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output: silence, terminal: true, historySize: 0 })
  // one for all questions, for both answers may come at once
  const lines = reader[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<string | undefined> => {
    output.write(question)
    const line = await lines.next()
    output.write('\n')
    return line.done ? undefined : line.value
  }
  try {
    for (;;) {
      const password = await ask(`Password of ${login}: `)
      const again = password === undefined ? undefined : await ask('The same again: ')
      if (again === undefined || again === password) return again
      output.write('These are two different passwords.\n')
    }
  } finally {
    reader.close()
  }
}
