import Fastify, { type FastifyInstance } from 'fastify'

/** Answers GET requests from routes of this process, whatever the host in the URL: a `fetch` without a socket. */
export async function inProcessFetch(
  routes: (app: FastifyInstance) => Promise<void>,
): Promise<(url: string) => Promise<Response>> {
  const app = Fastify()
  await routes(app)
  return async (url) => {
    const { statusCode, headers, body } = await app.inject(new URL(url).pathname)
    const answered = new Headers()
    for (const [name, value] of Object.entries(headers)) answered.set(name, String(value))
    return new Response(body, { status: statusCode, headers: answered })
  }
}
