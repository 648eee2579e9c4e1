import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { ROOT, SUPERGRAPH } from '../paths.js'
import type { SubgraphSdl } from './compose.js'
import { unstartedSubgraphs } from './unstarted.js'

/** Where each subgraph listens when nothing else is said; a gateway's SUBGRAPH_URLS overrides it. */
const PORTS: Readonly<Record<string, number>> = { users: 4001, films: 4002, people: 4003 }

export const sdlFile = (name: string): string => `subgraphs/${name}/schema.graphql`

/** The SDL of every subgraph as its sources have it now. */
export async function sdlOfSources(): Promise<SubgraphSdl[]> {
  const subgraphs = await unstartedSubgraphs()
  return subgraphs.map(({ name, sdl }) => ({
    name,
    sdl,
    url: `http://127.0.0.1:${PORTS[name]!}/graphql`,
  }))
}

/** Whether the files of the checkout say what the sources say, and the supergraph was composed since they do. */
export async function isComposed(subgraphs: readonly SubgraphSdl[]): Promise<boolean> {
  const composedAt = await changedAt(SUPERGRAPH)
  const upToDate = await Promise.all(
    subgraphs.map(async ({ name, sdl }) => {
      const file = path.join(ROOT, sdlFile(name))
      const written = await readFile(file, 'utf8').catch(() => '')
      return written === sdl && (await changedAt(file)) <= composedAt
    }),
  )
  return upToDate.every(Boolean)
}

const changedAt = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
