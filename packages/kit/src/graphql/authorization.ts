import { Directive } from 'type-graphql'

/** The gateway gives this field or type only to those who are logged in. The service checks by itself as well. */
export const Authenticated = (): ReturnType<typeof Directive> => Directive('@authenticated')

/**
 * The gateway gives this field or type only to viewers with one of `permissions`, e.g. `films:write`. The service checks
 * by itself as well.
 */
export const RequiresPermission = (
  ...permissions: [string, ...string[]]
): ReturnType<typeof Directive> =>
  Directive(`@requiresScopes(scopes: ${JSON.stringify(permissions.map((name) => [name]))})`)
