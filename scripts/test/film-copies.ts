import type { Prisma } from '@cinegraph/engines/postgres/generated/client'
import { openPostgres } from '@cinegraph/engines/postgres/open'
import { openSearchIndex } from '@cinegraph/engines/search/open'
import { memoryLog } from '@cinegraph/testkit/log'
import { readDemo } from '../src/catalogue/demo.js'
import { reindex } from '../src/catalogue/reindex.js'
import { stableId } from '../src/catalogue/stable-id.js'
import { writeCatalogue } from '../src/catalogue/write-catalogue.js'

export interface FilmCopy {
  readonly slug: string
  readonly title: string
  /** What differs from a film that everybody sees. */
  readonly state: Prisma.FilmUpdateInput
}

/** Copies a film of the demo catalogue with its genres and credits, and indexes everything. */
export async function copyFilm(
  { databaseUrl, searchUrl }: { databaseUrl: string; searchUrl: string },
  original: string,
  copies: readonly FilmCopy[],
): Promise<void> {
  const { log } = memoryLog()
  const postgres = openPostgres({ url: databaseUrl, log })
  const search = openSearchIndex({ url: searchUrl, postgres, log })
  await postgres.start()
  await search.start()
  const { films: all } = await readDemo()
  const film = all.find(({ slug }) => slug === original)!
  for (const { slug, title, state } of copies) {
    const copy = { ...film, slug, title: { en: title, ru: title }, originalTitle: title }
    await writeCatalogue(postgres.prisma, { genres: [], people: [], films: [copy] })
    await postgres.prisma.film.update({ where: { id: stableId('film', slug) }, data: state })
  }
  await reindex({ postgres, search })
  const stopped = AbortSignal.timeout(5_000)
  await search.stop(stopped)
  await postgres.stop(stopped)
}
