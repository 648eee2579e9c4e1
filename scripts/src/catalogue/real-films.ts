import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { RealFilm } from './bulk.js'

const row = z.object({
  Title: z.coerce.string(),
  'Release Date': z.string().nullable(),
  'Running Time min': z.number().nullable(),
  'IMDB Rating': z.number().nullable(),
  'Major Genre': z.string().nullable(),
})

const GENRES: Readonly<Record<string, string>> = {
  Drama: 'drama',
  Comedy: 'comedy',
  'Black Comedy': 'comedy',
  'Romantic Comedy': 'romance',
  Musical: 'musical',
  'Thriller/Suspense': 'thriller',
  Adventure: 'adventure',
  Action: 'adventure',
  Horror: 'horror',
  Western: 'western',
  Documentary: 'documentary',
}

/** The 3,200 films of the npm package `vega-datasets`; read from it, never copied into this repository. */
export async function readRealFilms(): Promise<RealFilm[]> {
  const file = fileURLToPath(new URL('../data/movies.json', import.meta.resolve('vega-datasets')))
  const rows = z.array(row).parse(JSON.parse(await readFile(file, 'utf8')))
  return rows
    .filter((it) => it.Title !== '' && it.Title !== 'null')
    .map((it) => ({
      title: it.Title,
      releaseDate: isoDate(it['Release Date']),
      runtimeMinutes: it['Running Time min'],
      rating: it['IMDB Rating'],
      genre: GENRES[it['Major Genre'] ?? ''] ?? null,
    }))
}

/** `Jun 12 1998` as `1998-06-12`; null for what is not a plausible date of a film. */
function isoDate(text: string | null): string | null {
  const time = text === null ? NaN : Date.parse(`${text} UTC`)
  if (Number.isNaN(time)) return null
  const date = new Date(time).toISOString().slice(0, 10)
  const year = Number(date.slice(0, 4))
  return year >= 1888 && year <= 2011 ? date : null
}
