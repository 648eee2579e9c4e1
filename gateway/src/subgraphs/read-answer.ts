import { DEGRADED } from '@cinegraph/kit/graphql/degraded'
import { z } from 'zod'
import type { Fetch, Json, SubgraphError } from '../execution/answers.js'
import { SubgraphFailure } from './transport.js'

export interface Answer {
  data: Json | null
  errors?: readonly SubgraphError[] | undefined
  degraded?: readonly string[] | undefined
}

const errorsShape = z.array(
  z.object({
    message: z.string(),
    path: z.array(z.union([z.string(), z.number()])).optional(),
    extensions: z.record(z.string(), z.unknown()).optional(),
  }),
)

const degradedShape = z.object({ [DEGRADED]: z.array(z.string()) })

/** Reads what a subgraph answered to `fetch`. Anything but a GraphQL response is a SubgraphFailure. */
export function readAnswer(
  fetch: Fetch,
  { status, body }: { status: number; body: string },
): Answer {
  const refuse = (reason: string) => new SubgraphFailure(fetch.subgraph, 'invalid', { reason })
  const answer = parse(body)
  const { data = null, errors: given } = isObject(answer) ? answer : {}
  const errors = given === undefined ? undefined : errorsShape.safeParse(given).data
  if (status === 400 && errors?.length && errors.every(isWrongInput)) return { data: null, errors }
  if (status < 200 || status > 299) throw refuse(`answered with status ${status}`)
  if (!isObject(answer)) throw refuse('did not answer with a JSON object')
  if (given !== undefined && !errors)
    throw refuse('answered with errors that are not GraphQL errors')
  if (data === null) {
    if (!errors?.length) throw refuse('answered with neither data nor errors')
    return { data, errors }
  }
  if (!isObject(data)) throw refuse('answered with data that is not an object')
  if (fetch.representations && !isListOf(data['_entities'], fetch.representations.length)) {
    throw refuse(`did not answer with ${fetch.representations.length} entities`)
  }
  return { data, errors, degraded: degradedShape.safeParse(answer['extensions']).data?.degraded }
}

/** Only a subgraph knows what its scalars accept: a date that is none passes the gateway. */
const isWrongInput = ({ extensions }: SubgraphError): boolean =>
  extensions?.['code'] === 'BAD_USER_INPUT'

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isListOf = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length
