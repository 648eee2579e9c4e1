import { z } from 'zod'
import { tooLong, trimmedText } from '../accounts/typed-text.js'

export const MAX_ROLE_NAME_LENGTH = 32
export const MAX_ROLE_DESCRIPTION_LENGTH = 500
export const MAX_PERMISSION_LENGTH = 40
// access tokens hold all permissions of a person, and travel in a header with every request
export const MAX_PERMISSIONS_PER_ROLE = 20
export const MAX_ROLES_PER_ACCOUNT = 8

const WORDS = '[a-z][a-z0-9]*(-[a-z0-9]+)*'

export const roleName = z
  .string()
  .max(MAX_ROLE_NAME_LENGTH, `must have at most ${MAX_ROLE_NAME_LENGTH} characters`)
  .regex(
    new RegExp(`^${WORDS}$`),
    'must be lower-case Latin letters and digits, with hyphens between words',
  )

const description = trimmedText(MAX_ROLE_DESCRIPTION_LENGTH).pipe(
  z
    .string()
    .min(1, 'must not be empty')
    .max(MAX_ROLE_DESCRIPTION_LENGTH, tooLong(MAX_ROLE_DESCRIPTION_LENGTH))
    .regex(/^\P{Cc}*$/u, 'may not hold control characters'),
)

const permission = z
  .string()
  .max(MAX_PERMISSION_LENGTH, `must have at most ${MAX_PERMISSION_LENGTH} characters`)
  .regex(
    new RegExp(`^${WORDS}:${WORDS}$`),
    'must be an area and an action, such as `films:write`, of lower-case Latin letters, digits and hyphens',
  )

const permissions = z
  .array(permission)
  .max(MAX_PERMISSIONS_PER_ROLE, `must be at most ${MAX_PERMISSIONS_PER_ROLE}`)
  .transform((given) => [...new Set(given)].sort())

export const newRole = z.object({ name: roleName, description, permissions })

/** What is absent or null stays as it is. */
export const roleChange = z.object({
  name: roleName.nullish(),
  description: description.nullish(),
  permissions: permissions.nullish(),
})
