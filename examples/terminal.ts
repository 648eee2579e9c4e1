import {
  type CinegraphClient,
  CinegraphError,
  createCinegraphClient,
  type Language,
} from '@cinegraph/sdk'

export interface Visit {
  readonly client: CinegraphClient
  /** What is asked for: the first argument. */
  readonly text: string
  /** The second argument, `en` or `ru`. */
  readonly language: Language
}

/**
 * Prints the page that is asked for, or what went wrong. CINEGRAPH_URL, CINEGRAPH_LOGIN and CINEGRAPH_PASSWORD say where
 * and as whom.
 */
export async function visit(usual: string, page: (visit: Visit) => Promise<string>) {
  const [text = usual, lang = 'en'] = process.argv.slice(2)
  const url = process.env['CINEGRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql'
  const client = createCinegraphClient({ url })
  try {
    await logIn(client)
    console.log(await page({ client, text, language: lang === 'ru' ? 'RU' : 'EN' }))
  } catch (error) {
    printProblem(error)
  }
}

async function logIn(client: CinegraphClient) {
  const { CINEGRAPH_LOGIN: login, CINEGRAPH_PASSWORD: password } = process.env
  // the catalogue is open to everyone
  if (!login || !password) return
  const account = await client.logIn(login, password)
  console.log(`Logged in as ${account.login}\n`)
}

export function printProblem(error: unknown) {
  if (!(error instanceof CinegraphError)) throw error
  const request = error.requestId ? ` (request ${error.requestId})` : ''
  console.error(`${error.code}: ${error.message}${request}`)
  process.exitCode = 1
}
