import { personMerged } from '@cinegraph/events/domain/person.merged.v1'
import { encodeEvent } from '@cinegraph/events/event'
import { systemClock } from '@cinegraph/kit/clock'
import { AppError } from '@cinegraph/kit/errors'
import { requirePermission, type Viewer } from '@cinegraph/kit/identity'
import { parseId } from '@cinegraph/kit/lookup'
import { conflictWith, type Edit, editedTo, type Outcome } from '../editing/edit.js'
import type { Catalogue, EditingRepository } from '../editing/editing.repository.js'
import { alteration, deletion } from '../editing/entity.js'
import type { FilmRelinking } from '../film/film-links.js'
import { relink } from '../film/relink.js'
import { WRITE_PEOPLE } from '../permissions.js'
import { PERSON } from './person.kind.js'
import type { StoredPerson } from './person.repository.js'

/** Who stays, who goes, and in which versions whoever merges them has seen them. */
export interface Merge {
  readonly id: string
  readonly version: number
  readonly mergedId: string
  readonly mergedVersion: number
}

interface Pair {
  readonly kept: StoredPerson
  readonly merged: StoredPerson
}

export class PersonMergeService {
  constructor(private readonly repository: EditingRepository) {}

  /**
   * Makes one person of two. Throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BAD_USER_INPUT when both are the same person, and
   * CONFLICT for one who was merged already.
   */
  async merge(viewer: Viewer, merge: Merge): Promise<Outcome<StoredPerson>> {
    const { id: by } = requirePermission(viewer, WRITE_PEOPLE)
    return this.repository.edit(by, async (catalogue) => {
      const { kept, merged } = await lockBoth(catalogue, merge)
      if (kept.version !== merge.version) return conflictWith(kept)
      if (merged.version !== merge.mergedVersion) return conflictWith(merged)
      const films = await moveCredits(catalogue, { kept, merged })
      const after = { ...completed({ kept, merged }), version: kept.version + 1 }
      await catalogue.persons.redirect(merged, kept.id)
      await catalogue.persons.save(after)
      const edits = [
        deletionOf({ kept: after, merged }),
        keptEdit(kept, after, merged.id),
        ...(await relink(catalogue.links, films, 'PERSON_MERGED')),
      ]
      return editedTo(after, edits)
    })
  }
}

async function lockBoth({ persons }: Catalogue, merge: Merge): Promise<Pair> {
  const [keptId, mergedId] = [parseId(merge.id), parseId(merge.mergedId)]
  if (keptId !== undefined && keptId === mergedId) {
    const argument = ['input', 'mergedId']
    throw new AppError('BAD_USER_INPUT', 'Nobody can be merged into themselves.', { argument })
  }
  const ids = [keptId, mergedId].filter((id) => id !== undefined)
  const locked = await persons.lockAll(ids)
  const require = async (id: string | undefined, field: string) => {
    const person = id === undefined ? undefined : locked.get(id)
    if (person) return person
    const argument = ['input', field]
    const into = id === undefined ? undefined : await persons.mergedInto(id)
    if (into === undefined) {
      throw new AppError('NOT_FOUND', 'There is no such person.', { argument })
    }
    throw new AppError('CONFLICT', `This person was merged into ${into} already.`, { argument })
  }
  return { kept: await require(keptId, 'id'), merged: await require(mergedId, 'mergedId') }
}

async function moveCredits({ links }: Catalogue, { kept, merged }: Pair): Promise<FilmRelinking[]> {
  const versions = await links.lockFilmsOf({ personId: merged.id })
  const filmIds = [...versions.keys()]
  const creditsOfBoth = () => links.creditsOf(filmIds, [kept.id, merged.id])
  const before = await creditsOfBoth()
  await links.moveCredits(filmIds, merged.id, kept.id)
  const after = await creditsOfBoth()
  return [...versions].map(([filmId, version]) => ({
    ...{ filmId, version },
    before: { credits: before.get(filmId) ?? [] },
    after: { credits: after.get(filmId) ?? [] },
  }))
}

/** Who stays, with what only the other one had. Dates come from one of them, or nobody knows whether they go together. */
function completed({ kept, merged }: Pair): StoredPerson {
  const name = { ...merged.name, ...kept.name }
  const biography = { ...merged.biography, ...kept.biography }
  const { birthDate, deathDate } = (kept.birthDate ?? kept.deathDate) ? kept : merged
  return { ...kept, name, biography, birthDate, deathDate }
}

function keptEdit(before: StoredPerson, after: StoredPerson, mergedId: string): Edit {
  const { id, version } = after
  const altered = alteration(PERSON, before, after)
  const merge = { personId: id, version, mergedPersonId: mergedId }
  const merged = encodeEvent(personMerged, merge, { occurredAt: systemClock() })
  return {
    ...{ kind: 'PERSON', id, version, action: 'MERGED' },
    changes: [
      ...(altered?.changes ?? []),
      { field: 'mergedPerson', before: null, after: mergedId },
    ],
    events: [...(altered?.events ?? []), merged],
  }
}

function deletionOf({ kept, merged }: Pair): Edit {
  const edit = deletion(PERSON, merged)
  const into = { field: 'mergedInto', before: null, after: kept.id }
  return { ...edit, action: 'MERGED', changes: [...edit.changes, into] }
}
