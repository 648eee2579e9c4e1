import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql'

const GUARDS = ['authenticated', 'requiresScopes']
const FILE = 'scripts/src/composition/public-mutations.ts'

/**
 * One line per mutation that neither carries an authorization directive nor is public by intent, and per public one
 * that is not there or is guarded all the same.
 */
export function lintMutations(supergraph: DocumentNode, publicNames: readonly string[]): string[] {
  const type = supergraph.definitions
    .filter((it) => it.kind === Kind.OBJECT_TYPE_DEFINITION)
    .find((it) => it.name.value === 'Mutation')
  const guarded = new Map(
    type?.fields?.map((it) => [it.name.value, isGuarded(type) || isGuarded(it)] as const),
  )
  const open = [...guarded.keys()].filter(
    (name) => !guarded.get(name) && !publicNames.includes(name),
  )
  return [
    ...open.map(
      (name) =>
        `Mutation.${name}: carries neither @Authenticated() nor @RequiresPermission(); one that anyone may send is named in ${FILE}`,
    ),
    ...publicNames
      .filter((name) => !guarded.has(name))
      .map((name) => `Mutation.${name}: does not exist; take it out of ${FILE}`),
    ...publicNames
      .filter((name) => guarded.get(name))
      .map((name) => `Mutation.${name}: is guarded; take it out of ${FILE}`),
  ]
}

export const isGuarded = ({ directives = [] }: { directives?: readonly ConstDirectiveNode[] }) =>
  directives.some((it) => GUARDS.includes(it.name.value))
