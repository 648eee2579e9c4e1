import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Field, ID, ObjectType } from 'type-graphql'
import { DeviceType } from '../devices/device.type.js'
import type { ViewedSession } from './device-session.service.js'

@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'A device on which a person is logged in.' })
export class DeviceSession {
  @Field(() => ID, { description: 'UUID, to be given to `endSession`.' })
  id!: string

  @Field(() => DeviceType, { description: 'Kind of device, as it calls itself.' })
  deviceType!: DeviceType

  @Field(() => String, {
    description: 'What the device calls itself, for people, e.g. `Firefox on Linux`.',
  })
  deviceName!: string

  @Field(() => String, {
    nullable: true,
    description: 'IP address from which it logged in or refreshed last; null when it is not known.',
  })
  address!: string | null

  @Field(() => GraphQLDateTime, { description: 'When the person logged in.' })
  createdAt!: Date

  @Field(() => GraphQLDateTime, {
    description: 'When it logged in or refreshed last: it is that or one access-token life ago.',
  })
  lastUsedAt!: Date

  @Field(() => Boolean, {
    description: 'Whether it is the session that asks, or the one that this answer opens.',
  })
  current!: boolean
}

export const DeviceSessionConnection = connectionOf<ViewedSession>(
  () => DeviceSession,
  'DeviceSession',
)
