import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import type { AuditRecord } from '../changes.js'
import { CacheControl } from './cache-control.js'
import { GraphQLDateTime } from './date.js'
import { connectionOf } from './pagination.js'

// an entity of users, described there: whether there is such an account, and who may know what of it, users decides
@Directive('@key(fields: "id", resolvable: false)')
@CacheControl({ scope: 'PRIVATE' })
@ObjectType('User')
export class UserReference {
  @Field(() => ID)
  id!: string
}

@Directive('@shareable')
@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'A field that an edit changed.' })
export class FieldChange {
  @Field(() => String, {
    description: 'Its name; of a text in languages with the language, e.g. `title.en`.',
  })
  field!: string

  @Field(() => String, {
    nullable: true,
    description: 'Its value before the edit, as JSON; null when it had none.',
  })
  before!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Its value after the edit, as JSON; null when it has none.',
  })
  after!: string | null
}

@Directive('@shareable')
@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'What somebody changed at one time.' })
export class AuditEntry {
  @Field(() => Int, { description: 'The version that the edit led to.' })
  version!: number

  @Field(() => String, { description: 'What was done, e.g. `PUBLISHED`.' })
  action!: string

  @Field(() => GraphQLDateTime, { description: 'When.' })
  at!: Date

  @Field(() => UserReference, {
    nullable: true,
    description: 'Who; null when it was an import or a schedule.',
  })
  by!: UserReference | null

  @Field(() => [FieldChange], { description: 'What changed, by name of the field.' })
  changes!: readonly FieldChange[]
}

export const AuditConnection = connectionOf<AuditEntry>(() => AuditEntry, 'AuditEntry', {
  shareable: true,
  cacheHint: { scope: 'PRIVATE' },
})

export const auditEntryOf = ({ userId, changes, ...entry }: AuditRecord): AuditEntry => ({
  ...entry,
  by: userId === null ? null : { id: userId },
  changes: changes.map(({ field, before, after }) => ({
    field,
    before: jsonOf(before),
    after: jsonOf(after),
  })),
})

const jsonOf = (value: unknown) => (value === null ? null : JSON.stringify(value))
