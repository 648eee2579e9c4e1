import type { ServerStatus } from './server.js'

const HEADER = ['', 'version', 'process', 'port', 'memory', 'up since', '']
const MEGABYTE = 1024 * 1024

/** A line for each server, for a person. */
export function describeStatus(all: readonly ServerStatus[]): string {
  const rows = [HEADER, ...all.map(cellsOf)]
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '),
  )
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function cellsOf(status: ServerStatus): string[] {
  const { name, phase } = status
  if (phase === 'never started') return [name, '', '', '', '', '', phase]
  const { version, port } = status
  if (phase !== 'runs') return [name, version, '', String(port), '', '', phase]
  const { pid, memory, since, problem } = status
  return [
    ...[name, version, String(pid), String(port), `${Math.round(memory / MEGABYTE)} MB`],
    ...[
      since.toLocaleString('sv'),
      problem === undefined ? 'healthy' : `does not serve: ${problem}`,
    ],
  ]
}
