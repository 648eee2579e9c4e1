import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import { processStart } from './process-facts.js'
import { superviseChild } from './supervisor.js'

/** Runs a shell script; `line` waits for what it writes. */
function run(script: string) {
  const written = new EventEmitter()
  const lines: string[] = []
  const child = superviseChild({
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    stopSignal: 'TERM',
    onLine(line) {
      lines.push(line)
      written.emit('line')
    },
  })
  const line = async (index: number): Promise<string> => {
    while (lines.length <= index) await once(written, 'line')
    return lines[index]!
  }
  return { child, lines, line }
}

const FOREVER = 'while :; do :; done'

test('passes on every line and the exit code', async () => {
  const { child, lines } = run('echo out; echo err >&2; exit 3')
  expect(await child.ended).toBe(3)
  expect(lines.toSorted()).toEqual(['err', 'out'])
})

test('a program that ends when asked may finish what it does', async () => {
  const { child, line, lines } = run(`trap "echo finished; exit 0" TERM; echo ready; ${FOREVER}`)
  await line(0)
  await child.stop(AbortSignal.timeout(60_000))
  expect(lines).toEqual(['ready', 'finished'])
})

test('a program that does not end when asked is killed at the deadline', async () => {
  const { child, line } = run(`trap "" TERM; echo $$; ${FOREVER}`)
  const pid = Number(await line(0))
  await child.stop(AbortSignal.abort())
  expect(await processStart(pid)).toBeUndefined()
})

test('stopping a program that has ended does nothing', async () => {
  const { child } = run('exit 0')
  await child.ended
  await child.stop(AbortSignal.timeout(60_000))
  await child.stop(AbortSignal.abort())
})

test('a program that does not exist ends with the code of the shell', async () => {
  const lines: string[] = []
  const child = superviseChild({
    command: '/nonexistent/program',
    args: [],
    env: {},
    stopSignal: 'TERM',
    onLine: (line) => lines.push(line),
  })
  expect(await child.ended).toBe(127)
  expect(lines.join()).toContain('/nonexistent/program')
})
