/**
 * Logs in twice, as a mobile app that keeps its tokens and as a browser whose tokens are in cookies, lists where the
 * account is logged in, and logs out.
 *
 *     CINEGRAPH_LOGIN=viewer CINEGRAPH_PASSWORD=... npm run example:sessions
 *
 * CINEGRAPH_URL says where.
 */
import {
  type CinegraphClient,
  CinegraphError,
  createCinegraphClient,
  MySessionsDocument,
} from '@cinegraph/sdk'

const { CINEGRAPH_LOGIN: login, CINEGRAPH_PASSWORD: password } = process.env
const url = process.env['CINEGRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql'

try {
  if (!login || !password) throw new Error('Set CINEGRAPH_LOGIN and CINEGRAPH_PASSWORD.')
  const app = createCinegraphClient({ url, fetch: sayingItIs('okhttp/5.1.0') })
  const page = createCinegraphClient({ url, tokens: 'cookies', fetch: browserLike() })
  await app.logIn(login, password)
  await page.logIn(login, password)
  console.log(await sessionsOf(page))
  await Promise.all([app.logOut(), page.logOut()])
  console.log('Logged out of both.')
} catch (error) {
  console.error(error instanceof CinegraphError ? `${error.code}: ${error.message}` : String(error))
  process.exitCode = 1
}

async function sessionsOf(client: CinegraphClient): Promise<string> {
  const { me } = await client.request(MySessionsDocument)
  const lines = me?.sessions?.edges.map(({ node: { deviceType, deviceName, current } }) =>
    [deviceType.padEnd(6), deviceName, current ? '(this one)' : ''].join(' '),
  )
  return ['Logged in on:', ...(lines ?? [])].join('\n')
}

function sayingItIs(userAgent: string): typeof fetch {
  return (target, init) => {
    const headers = new Headers(init?.headers)
    headers.set('user-agent', userAgent)
    return fetch(target, { ...init, headers })
  }
}

/** Node's fetch keeps no cookies; in a browser leave `fetch` out. */
function browserLike(): typeof fetch {
  const send = sayingItIs('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
  const cookies = new Map<string, string>()
  return async (target, init) => {
    const headers = new Headers(init?.headers)
    headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const answer = await send(target, { ...init, headers })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return answer
  }
}
