import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { requirePermission, type UserViewer, type Viewer } from '@cinegraph/kit/identity'
import { createLimiter } from '@cinegraph/kit/limiter'
import { accountChanged, type OwnerProof } from '../sessions/owner-proof.js'
import type { Administration, AdministrationRepository } from './administration.repository.js'

const MAX_WAITING = 200

/**
 * Runs changes of who may do what, all or nothing, one at a time in all processes. What entitles somebody to a change is
 * asked when its turn has come: meanwhile it may have been taken from them. Throws CONFLICT for a change after which no
 * administrator would be left: nobody who is not blocked and may manage roles.
 */
export class AdministrationService {
  // who waits for the turn waits here, and not with one of the process's connections
  private readonly limited = createLimiter({
    atOnce: 1,
    queue: MAX_WAITING,
    refuse: () => new DependencyError('postgres', 'too many changes wait for their turn'),
  })

  constructor(private readonly repository: Pick<AdministrationRepository, 'inTurn'>) {}

  /** A change by who has a permission: `actor` has those of now. Throws UNAUTHENTICATED and FORBIDDEN. */
  async asHolder<T>(
    viewer: Viewer,
    permission: string,
    change: (administration: Administration, actor: UserViewer) => Promise<T>,
  ): Promise<T> {
    const user = requirePermission(viewer, permission)
    return this.inTurn(async (administration) => {
      const permissions = await administration.permissionsOf(user)
      if (!permissions) throw accountChanged()
      const actor = requirePermission({ ...user, permissions }, permission)
      return change(administration, actor)
    })
  }

  /** A change by the owner of the account. Throws UNAUTHENTICATED when the proof holds no longer. */
  async asOwner<T>(
    proof: OwnerProof,
    change: (administration: Administration) => Promise<T>,
  ): Promise<T> {
    return this.inTurn(async (administration) => {
      if (!(await administration.isStillOwner(proof))) throw accountChanged()
      return change(administration)
    })
  }

  private inTurn<T>(change: (administration: Administration) => Promise<T>): Promise<T> {
    return this.limited(() =>
      this.repository.inTurn(async (administration) => {
        const administered = await administration.hasAdmin()
        const result = await change(administration)
        if (administered && !(await administration.hasAdmin())) throw lastAdmin()
        return result
      }),
    )
  }
}

const lastAdmin = () =>
  new AppError(
    'CONFLICT',
    'Nobody could manage roles any more. Give somebody else the role admin first.',
  )
