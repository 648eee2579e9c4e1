import type { ServerName } from './server-kind.js'

/** The variable that tells tests where a real server is. */
export const variableOf = (name: ServerName): string => `TEST_${name.toUpperCase()}_URL`

/** A line for each server, as a file of settings holds it; `export ` before it is what a shell takes. */
export function renderEnvironment(
  urls: ReadonlyMap<ServerName, string>,
  prefix: '' | 'export ' = '',
): string {
  return Array.from(urls, ([name, url]) => `${prefix}${variableOf(name)}=${url}\n`).join('')
}
