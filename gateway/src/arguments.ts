import { parseArgs } from 'node:util'
import { ConfigError } from '@cinegraph/kit/config'

const OPTIONS = { supergraph: { type: 'string' }, port: { type: 'string' } } as const

/** The settings that `--supergraph FILE --port N` stand for. Anything else is a ConfigError. */
export function settingsFrom(args: string[]): { SUPERGRAPH_PATH?: string; PORT?: string } {
  const { supergraph, port } = parse(args)
  return {
    ...(supergraph !== undefined && { SUPERGRAPH_PATH: supergraph }),
    ...(port !== undefined && { PORT: port }),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    throw new ConfigError([(error as Error).message])
  }
}
