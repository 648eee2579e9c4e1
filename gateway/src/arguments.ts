import { parseArgs } from 'node:util'
import { ConfigError } from '@cinegraph/kit/config'

export const USAGE = `Serves an Apollo Federation 2 supergraph.

  npm run gateway -- --supergraph FILE [--port N]

  --supergraph FILE  the composed supergraph, as SUPERGRAPH_PATH
  --port N           port to listen on, as PORT; 4000 when not given
  --help             shows this

Every other setting is an environment variable; gateway/README.md lists them.
`

const OPTIONS = {
  supergraph: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface Arguments {
  help: boolean
  /** What `--supergraph FILE --port N` stand for. */
  settings: { SUPERGRAPH_PATH?: string; PORT?: string }
}

/** Reads the command line. Anything it does not know is a ConfigError. */
export function readArguments(args: string[]): Arguments {
  const { help = false, supergraph, port } = parse(args)
  const settings = {
    ...(supergraph !== undefined && { SUPERGRAPH_PATH: supergraph }),
    ...(port !== undefined && { PORT: port }),
  }
  return { help, settings }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    throw new ConfigError([(error as Error).message])
  }
}
