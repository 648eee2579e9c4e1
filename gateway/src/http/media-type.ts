export const GRAPHQL_RESPONSE = 'application/graphql-response+json; charset=utf-8'
export const JSON_RESPONSE = 'application/json; charset=utf-8'

const ranges = (accept: string) =>
  accept.split(',').map((it) => it.split(';')[0]!.trim().toLowerCase())

/** The media type of an answer to `accept`; undefined when the client takes none that GraphQL over HTTP has. */
export function responseType(accept: string | undefined): string | undefined {
  if (!accept?.trim()) return JSON_RESPONSE
  for (const range of ranges(accept)) {
    if (range === 'application/graphql-response+json') return GRAPHQL_RESPONSE
    if (['application/json', 'application/*', '*/*'].includes(range)) return JSON_RESPONSE
  }
  return undefined
}

/** Whether a browser navigates here: it names HTML, which no GraphQL client does. */
export const wantsPage = (accept: string | undefined): boolean =>
  accept !== undefined && ranges(accept).includes('text/html')
