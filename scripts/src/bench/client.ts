import { createService, type Service } from '@cinegraph/kit/lifecycle'
import { Pool } from 'undici'

export interface Request {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly token?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly data: Readonly<Record<string, unknown>> | null
  readonly errors: readonly { message: string; path?: unknown; extensions: { code: string } }[]
}

/** Operations over HTTP connections that stay open, with as little work in between as can be. */
export type Client = Service & {
  send(request: Request): Promise<Answer>
}

export function openClient(url: string): Client {
  const pool = new Pool(url)
  return {
    ...createService({ name: 'client', stop: () => pool.close() }),
    async send({ token, ...operation }) {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(operation),
      })
      const { data = null, errors = [] } = (await body.json()) as Partial<Answer>
      return { status: statusCode, data, errors }
    },
  }
}

/** The data of an answer; throws when it has errors. */
export async function dataOf(client: Client, request: Request): Promise<Record<string, unknown>> {
  const { data, errors } = await client.send(request)
  if (data && errors.length === 0) return data
  throw new Error(`${request.query} was answered with ${JSON.stringify(errors)}`)
}
