import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import type { RoleRecord } from './role.repository.js'
import {
  MAX_PERMISSION_LENGTH,
  MAX_PERMISSIONS_PER_ROLE,
  MAX_ROLE_DESCRIPTION_LENGTH,
  MAX_ROLE_NAME_LENGTH,
} from './role.rules.js'

const NAME = `Name, at most ${MAX_ROLE_NAME_LENGTH} lower-case Latin letters and digits, with hyphens between words.`
const DESCRIPTION = `What the role is for, in at most ${MAX_ROLE_DESCRIPTION_LENGTH} characters.`
const PERMISSIONS =
  `What the role permits, at most ${MAX_PERMISSIONS_PER_ROLE} permissions. Each is an area and an action, such as ` +
  `\`films:write\`, of at most ${MAX_PERMISSION_LENGTH} characters.`

@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'What some people may do besides what everybody may.' })
export class Role {
  @Field(() => ID, { description: 'UUID of the role; it never changes.' })
  id!: string

  @Field(() => String, { description: 'Unique name, e.g. `editor`.' })
  name!: string

  @Field(() => String, { description: 'What the role is for.' })
  description!: string

  @Field(() => [String], {
    description:
      'What it permits, e.g. `films:write`. Whoever has `roles:write` is an administrator.',
  })
  permissions!: readonly string[]

  @Field(() => Boolean, {
    description: 'Whether it came with Cinegraph: it keeps its name and cannot be deleted.',
  })
  builtIn!: boolean
}

export const RoleConnection = connectionOf<RoleRecord>(() => Role, 'Role')

@InputType({ description: 'A new role.' })
export class CreateRoleInput {
  @Field(() => String, { description: NAME })
  name!: string

  @Field(() => String, { description: DESCRIPTION })
  description!: string

  @Field(() => [String], { defaultValue: [], description: PERMISSIONS })
  permissions!: string[]
}

@InputType({ description: 'Changes to a role; what is left out or null stays as it is.' })
export class UpdateRoleInput {
  @Field(() => String, {
    nullable: true,
    description: `${NAME} Films name roles by it: one that requires the old name is not seen with the new one.`,
  })
  name?: string | null

  @Field(() => String, { nullable: true, description: DESCRIPTION })
  description?: string | null

  @Field(() => [String], { nullable: true, description: `${PERMISSIONS} Replaces all up to now.` })
  permissions?: string[] | null
}
