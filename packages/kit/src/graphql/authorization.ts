import { Directive } from 'type-graphql'

/** The gateway gives this field or type only to those who are logged in. The service checks by itself as well. */
export const Authenticated = (): ReturnType<typeof Directive> => Directive('@authenticated')

/**
 * The gateway gives this field or type only to viewers with one of `permissions`, e.g. `films:write`. The service checks
 * by itself as well.
 */
export const RequiresPermission = (
  ...permissions: [string, ...string[]]
): ReturnType<typeof Directive> => requiresScopes(permissions.map((name) => [name]))

/** As `RequiresPermission`, only to viewers with all of `permissions`. */
export const RequiresAllPermissions = (
  ...permissions: [string, string, ...string[]]
): ReturnType<typeof Directive> => requiresScopes([permissions])

/** Whoever has all of one of these sets. */
const requiresScopes = (alternatives: readonly (readonly string[])[]) =>
  Directive(`@requiresScopes(scopes: ${JSON.stringify(alternatives)})`)
