import type { AuditRecord } from '@cinegraph/kit/changes'
import { randomUUID } from 'node:crypto'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import type { Page } from '@cinegraph/kit/pagination'
import { validate } from '@cinegraph/kit/validate'
import type { z } from 'zod'
import type { PeopleContext } from '../context.js'
import type { CreditRecord } from '../credits/credit.repository.js'
import { conflictWith, editedTo, type Outcome } from '../editing/edit.js'
import type { Catalogue, EditingRepository } from '../editing/editing.repository.js'
import type { HistoryService } from '../editing/history.service.js'
import { WRITE_FILMS, WRITE_PEOPLE } from '../permissions.js'
import type { FilmReference } from './film.reference.js'
import { creditKey, type Links } from './film-links.js'
import type { FilmLinksState } from './film-links-state.repository.js'
import { filmLinks, linksAmong, type WantedLinks } from './film-links.rules.js'
import { relink } from './relink.js'

interface SeenLinks {
  readonly filmId: string
  readonly version: number
}

export class FilmLinksService {
  constructor(
    private readonly repository: EditingRepository,
    private readonly histories: HistoryService,
  ) {}

  /** Null for a film that the viewer may not see. Throws UNAUTHENTICATED and FORBIDDEN. */
  async linksOf(
    { viewer, loaders }: Pick<PeopleContext, 'viewer' | 'loaders'>,
    film: FilmReference,
  ): Promise<FilmLinksState | null> {
    requirePermission(viewer, WRITE_PEOPLE)
    return film.visible === true ? loaders.links.load(film.id) : null
  }

  /** As `linksOf`: what was changed, the newest first. */
  async historyOf(
    context: Pick<PeopleContext, 'viewer' | 'loaders'>,
    film: FilmReference,
    args: { first: number; after?: string | null },
  ): Promise<Page<AuditRecord> | null> {
    requirePermission(context.viewer, WRITE_PEOPLE)
    if (film.visible !== true) return null
    return this.histories.historyOf(context, { kind: 'FILM_LINKS', id: film.id }, args)
  }

  /**
   * Sets the genres, the credits or both, each as a whole. A credit that says what an old one says keeps its id. Needs
   * `films:write` as well, and whoever has it sees all films. Throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND when there is no
   * such film, and BAD_USER_INPUT.
   */
  async set(
    viewer: Viewer,
    seen: SeenLinks,
    input: z.input<typeof filmLinks>,
  ): Promise<Outcome<FilmLinksState>> {
    requirePermission(viewer, WRITE_PEOPLE)
    const { id: by } = requirePermission(viewer, WRITE_FILMS)
    const wanted = validate(filmLinks, input, 'input')
    return this.repository.edit(by, async (catalogue) => {
      const { links } = catalogue
      const filmId = await requireFilm(catalogue, seen.filmId)
      const among = await keepLinked(catalogue, wanted)
      await links.lock(filmId)
      const before = await links.stateOf(filmId)
      const { film, version } = before
      // before what is missing is told: who has not seen the last version need not know why
      if (version !== seen.version) return conflictWith(before)
      validate(among, wanted, 'input')
      const after = changed(before, wanted)
      const edits = await relink(links, [{ filmId, version, before, after }], 'EDITED')
      if (edits.length === 0) return editedTo(before, [])
      if (wanted.genreIds !== undefined) await links.setGenres(filmId, after.genreIds)
      if (wanted.credits !== undefined) await links.setCredits(filmId, after.credits)
      return editedTo({ film, version: version + 1, ...after }, edits)
    })
  }
}

async function requireFilm({ links }: Catalogue, given: string): Promise<string> {
  const id = parseId(given)
  if (id !== undefined && (await links.isKnown(id))) return id
  throw new AppError('NOT_FOUND', 'There is no such film.', { argument: ['filmId'] })
}

/** Keeps all genres and persons that are wanted from going, and says what may be linked. */
async function keepLinked({ genres, persons }: Catalogue, { genreIds, credits }: WantedLinks) {
  const keptGenres = await genres.keep(genreIds ?? [])
  const personIds = new Set(credits?.map(({ personId }) => personId))
  return linksAmong(keptGenres, await persons.keep([...personIds]))
}

/** Lists that were not given are those from before. */
function changed(before: Required<Links>, { genreIds, credits }: WantedLinks): Required<Links> {
  return {
    genreIds: genreIds ?? before.genreIds,
    credits: credits ? identified(before.credits, credits) : before.credits,
  }
}

function identified(
  before: readonly CreditRecord[],
  wanted: NonNullable<WantedLinks['credits']>,
): CreditRecord[] {
  const ids = new Map(before.map((credit) => [creditKey(credit), credit.id]))
  return wanted.map((credit, index) => ({
    ...credit,
    id: ids.get(creditKey(credit)) ?? randomUUID(),
    order: index + 1,
  }))
}
