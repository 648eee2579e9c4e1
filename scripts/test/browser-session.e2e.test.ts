import { expect, test } from 'vitest'
import { startCinegraph } from './harness.js'

const cinegraph = await startCinegraph()
const ACCESS = '__Host-cinegraph-access'
const REFRESH = '__Host-cinegraph-refresh'
const SOON = { timeout: 20_000 }
const ME = '{ me { login } }'

/** A page of our own origin: sends the cookies it was given, and keeps what the answer sets. */
function openPage(origin = cinegraph.url) {
  const jar = new Map<string, string>()
  async function ask(query: string) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${cinegraph.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify({ query }),
    })
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)!
      if (/; Max-Age=0(;|$)/.test(header)) jar.delete(name!)
      else jar.set(name!, value!)
    }
    return { status: response.status, ...((await response.json()) as { data?: unknown }) }
  }
  return { jar, ask }
}

async function logIn() {
  const page = openPage()
  const login = JSON.stringify({
    login: 'viewer',
    password: cinegraph.secrets.demoPasswords.viewer,
  })
  const input = login.replace(/"(\w+)":/g, '$1:')
  const query = `mutation { logIn(input: ${input}, delivery: COOKIE) { accessToken refreshToken } }`
  const { data } = await page.ask(query)
  expect(data).toEqual({ logIn: { accessToken: null, refreshToken: null } })
  expect([...page.jar.keys()]).toEqual([ACCESS, REFRESH])
  return page
}

test('a browser logs in, is known, refreshes and logs out with cookies alone', async () => {
  const { ask, jar } = await logIn()
  expect(await ask(ME)).toEqual({ status: 200, data: { me: { login: 'viewer' } } })
  const [access, refresh] = [jar.get(ACCESS)!, jar.get(REFRESH)!]
  jar.set(ACCESS, 'expired')
  // however often it asks: it is nobody to us only when it has logged out
  expect((await ask(ME)).status).toBe(401)
  expect((await ask(ME)).status).toBe(401)
  await ask('mutation { refreshSession(delivery: COOKIE) { accessToken } }')
  expect(jar.get(REFRESH)).not.toBe(refresh)
  expect(await ask(ME)).toEqual({ status: 200, data: { me: { login: 'viewer' } } })
  await ask('mutation { logOut }')
  expect([...jar.keys()]).toEqual([])
  jar.set(ACCESS, access)
  await expect.poll(async () => (await ask(ME)).status, SOON).toBe(401)
})

test('a page of another origin cannot use them', async () => {
  const { jar } = await logIn()
  const evil = openPage('https://evil.example')
  for (const [name, value] of jar) evil.jar.set(name, value)
  const { status } = await evil.ask('mutation { logOut }')
  expect(status).toBe(403)
})

test('a session that has ended is refused, also where its token was just used', async () => {
  const token = await cinegraph.tokenOf('viewer')
  expect((await cinegraph.ask({ query: ME, token })).data).toEqual({ me: { login: 'viewer' } })
  await cinegraph.ask({ query: 'mutation { logOut }', token })
  await expect
    .poll(async () => (await cinegraph.ask({ query: ME, token })).errors, SOON)
    .toMatchObject([{ message: 'The session has ended.' }])
})
