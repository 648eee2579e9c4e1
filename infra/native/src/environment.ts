import type { ServerName } from './server-kind.js'

/** What Cinegraph itself calls each server that it can use. */
const SETTINGS: Partial<Record<ServerName, readonly string[]>> = {
  kafka: ['EVENT_LOG_URL'],
  elasticsearch: ['SEARCH_URL'],
  redis: ['CACHE_URL', 'COUNTERS_URL'],
  postgres: ['DATABASE_URL'],
}

/** A file of settings: where tests find each server, and what makes Cinegraph use it. */
export function renderEnvironment(urls: ReadonlyMap<ServerName, string>): string {
  return Array.from(urls, ([name, url]) =>
    [`TEST_${name.toUpperCase()}_URL`, ...(SETTINGS[name] ?? [])]
      .map((variable) => `${variable}=${url}\n`)
      .join(''),
  ).join('')
}
