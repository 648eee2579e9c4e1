import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { type Configuration, Provider } from 'oidc-provider'

export const CLIENT = {
  clientId: 'cinegraph',
  clientSecret: 'the secret of the app at the provider',
}
export const REDIRECT_URI = 'https://cinegraph.test/signed-in'

const KEY_ID = 'of-the-provider'

export interface Person {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Somebody nobody has met. */
export const somebody = (given: Partial<Person> = {}): Person => {
  const sub = randomUUID()
  const email = `${sub}@mail.test`
  return { sub, email, email_verified: true, name: 'Lev Kuleshov', given_name: 'Lev', ...given }
}

/**
 * A real OAuth and OpenID Connect server on this machine, which stands in for Google and, with the user information of
 * Yandex ID at `/info`, for Yandex. `visitor` is who sits at the browser; `faults` replace the answers of a path.
 */
export async function startProvider() {
  const faults = new Map<string, Handler>()
  const asked: string[] = []
  const state = { visitor: somebody(), consents: true }
  const people = new Map<string, Person>()

  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(url, configurationOf(people, privateKey))
  const callback = provider.callback()

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url!, url).pathname
    asked.push(path)
    const fault = faults.get(path)
    if (fault) fault(request, response)
    else if (path === '/info') await userInformation(provider, people, { request, response })
    else if (path.startsWith('/interaction/')) {
      people.set(state.visitor.sub, state.visitor)
      await interact(provider, state, { request, response })
    } else await callback(request, response)
  }
  server.on('request', (request, response) => void answer(request, response))

  return Object.assign(state, {
    url,
    faults,
    /** Paths, in the order they were asked for. */
    asked,
    /** An ID token as the provider would sign it, or with another key under the same name. */
    sign: (claims: Record<string, unknown>, key: KeyObject = privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: KEY_ID }).sign(key),
    stop: () => stop(server),
  })
}
export type TestProvider = Awaited<ReturnType<typeof startProvider>>

const configurationOf = (people: ReadonlyMap<string, Person>, key: KeyObject): Configuration => {
  return {
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig' }] },
    cookies: { keys: ['of these tests'] },
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    routes: { authorization: '/authorize' },
    scopes: ['openid', 'login:info', 'login:email'],
    claims: { email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name'] },
    // as Google does: everything is in the ID token
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: async () => ({ ...people.get(sub), sub }),
    }),
  }
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/** What the person does at the provider's pages. */
async function interact(
  provider: Provider,
  { visitor, consents }: { visitor: Person; consents: boolean },
  { request, response }: Exchange,
) {
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({
    accountId: visitor.sub,
    clientId: String(params['client_id']),
  })
  grant.addOIDCScope(String(params['scope']))
  const result = consents
    ? { login: { accountId: visitor.sub }, consent: { grantId: await grant.save() } }
    : { error: 'access_denied' }
  await provider.interactionFinished(request, response, result)
}

/** https://yandex.com/dev/id/doc/en/user-information */
async function userInformation(
  provider: Provider,
  people: ReadonlyMap<string, Person>,
  { request, response }: Exchange,
) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const found = token && (await provider.AccessToken.find(token))
  const person = found && people.get(found.accountId)
  if (!person) {
    response.writeHead(401).end()
    return
  }
  const { sub: id, email, name, given_name: first, family_name: last } = person
  const information = {
    id,
    login: 'kuleshov',
    client_id: CLIENT.clientId,
    display_name: 'kuleshov',
    real_name: name,
    first_name: first,
    last_name: last,
    default_email: email,
    emails: email ? [email] : [],
    psuid: `1.${id}`,
  }
  json(information)(request, response)
}

export const json =
  (body: unknown, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

/** Follows redirects as a browser does, until the provider sends the person away from it. */
export async function browse(authorizationUrl: string): Promise<URL> {
  const { origin } = new URL(authorizationUrl)
  const cookies = new Map<string, string>()
  let place = new URL(authorizationUrl)
  while (place.origin === origin) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(place, { headers: { cookie }, redirect: 'manual' })
    const location = response.headers.get('location')
    if (!location) throw new Error(`${place.pathname} answered ${await response.text()}`)
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name!, value!)
    }
    place = new URL(location, place)
  }
  return place
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
