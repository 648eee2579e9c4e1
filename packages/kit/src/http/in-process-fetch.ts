import Fastify, { type FastifyInstance } from 'fastify'

/**
 * Answers GET requests from routes of this process, whatever the host in the URL: a `fetch` without a socket. Its signal
 * closes the request as a client that goes away would.
 */
export async function inProcessFetch(
  routes: (app: FastifyInstance) => Promise<void>,
): Promise<(url: string, init?: RequestInit) => Promise<Response>> {
  const app = Fastify()
  await routes(app)
  return async (url, init = {}) => {
    const { pathname, search } = new URL(url)
    const { statusCode, headers, body } = await app.inject({
      url: pathname + search,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal && { signal: init.signal }),
    })
    const answered = new Headers()
    for (const [name, value] of Object.entries(headers)) answered.set(name, String(value))
    return new Response(body, { status: statusCode, headers: answered })
  }
}
