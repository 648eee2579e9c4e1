import type { Viewer } from '@cinegraph/kit/identity'

/** One way to meet a requirement: all of it. */
export interface Alternative {
  readonly loggedIn: boolean
  readonly permissions: readonly string[]
}

/** What a viewer must be or have: any of the alternatives. */
export interface Requirement {
  readonly anyOf: readonly Alternative[]
}

export function isMet({ anyOf }: Requirement, viewer: Viewer): boolean {
  const held: readonly string[] = viewer.permissions
  return anyOf.some(
    ({ loggedIn, permissions }) =>
      (!loggedIn || viewer.kind === 'user') && permissions.every((name) => held.includes(name)),
  )
}

/** Tells who may not have `what` how to get it. */
export function refusalOf(what: string, unmet: readonly Requirement[], viewer: Viewer): string {
  const needed = unmet.map(permissionsOf).filter(Boolean).join(', and ')
  if (viewer.kind === 'user') return `${what} needs the permission ${needed}.`
  return needed ? `Log in with the permission ${needed} to get ${what}.` : `Log in to get ${what}.`
}

/** Empty when there is a way without any. */
const permissionsOf = ({ anyOf }: Requirement): string =>
  anyOf.some(({ permissions }) => permissions.length === 0)
    ? ''
    : anyOf.map(({ permissions }) => permissions.join(' and ')).join(' or ')

/** Makes equal requirements one object, so that they can be compared and kept in sets. */
export type Intern = (anyOf: readonly Alternative[]) => Requirement

export function createIntern(): Intern {
  const known = new Map<string, Requirement>()
  return (anyOf) => {
    const keys = anyOf.map(({ loggedIn, permissions }) =>
      JSON.stringify([loggedIn, ...[...new Set(permissions)].sort()]),
    )
    const key = [...new Set(keys)].sort().join()
    const requirement = known.get(key) ?? { anyOf }
    known.set(key, requirement)
    return requirement
  }
}
