import { AppError, DependencyError } from '@cinegraph/kit/errors'
import { createLimiter } from '@cinegraph/kit/limiter'
import type { Administration, AdministrationRepository } from './administration.repository.js'

/**
 * Runs changes of who may do what, all or nothing, one at a time in all processes. Throws CONFLICT for one after which no
 * administrator would be left: nobody who is not blocked and may manage roles.
 */
export type Administer = <T>(change: (administration: Administration) => Promise<T>) => Promise<T>

const MAX_WAITING = 200

export function createAdminister(repository: AdministrationRepository): Administer {
  // who waits for the turn waits here, and not with one of the process's connections
  const limited = createLimiter({
    atOnce: 1,
    queue: MAX_WAITING,
    refuse: () => new DependencyError('postgres', 'too many changes wait for their turn'),
  })
  return (change) =>
    limited(() =>
      repository.inTurn(async (administration) => {
        const administered = await administration.hasAdmin()
        const result = await change(administration)
        if (administered && !(await administration.hasAdmin())) throw lastAdmin()
        return result
      }),
    )
}

const lastAdmin = () =>
  new AppError(
    'CONFLICT',
    'Nobody could manage roles any more. Give somebody else the role admin first.',
  )
