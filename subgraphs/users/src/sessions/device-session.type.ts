import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { DeviceType } from '../devices/device.js'
import type { DeviceSessionRecord } from './device-session.repository.js'

registerEnumType(DeviceType, {
  name: 'DeviceType',
  description: 'Kind of device, as it calls itself.',
  valuesConfig: {
    WEB: { description: 'A browser on a computer, or something that does not say what it is.' },
    MOBILE: { description: 'A phone or tablet, with an app or a browser.' },
    SMART: { description: 'A television or a game console.' },
  },
})

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
}

export const DeviceSessionConnection = connectionOf<DeviceSessionRecord>(
  () => DeviceSession,
  'DeviceSession',
)
