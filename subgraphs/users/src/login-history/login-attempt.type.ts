import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { GraphQLDateTime } from '@cinegraph/kit/graphql/date'
import { connectionOf } from '@cinegraph/kit/graphql/pagination'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { DeviceType } from '../devices/device.type.js'
import { type LoginAttemptRecord, LoginMethod, LoginOutcome } from './login-history.repository.js'

registerEnumType(LoginMethod, {
  name: 'LoginMethod',
  description: 'How somebody tried to log in.',
  valuesConfig: {
    PASSWORD: { description: 'With login and password.' },
    REGISTRATION: { description: 'By making the account.' },
    YANDEX: { description: 'With an account at Yandex.' },
    GOOGLE: { description: 'With an account at Google.' },
    REFRESH: { description: 'With a refresh token. Only what went wrong is kept.' },
  },
})

registerEnumType(LoginOutcome, {
  name: 'LoginOutcome',
  description: 'What came of an attempt to log in.',
  valuesConfig: {
    SUCCESS: { description: 'A session began.' },
    WRONG_PASSWORD: { description: 'The password was another one.' },
    BLOCKED: { description: 'The password was right, and the account is blocked.' },
    TOO_MANY_ATTEMPTS: {
      description: 'It came too soon after others that failed; the password was not looked at.',
    },
    REFRESH_TOKEN_REUSED: {
      description:
        'A refresh token was used a second time: somebody has copied it. The session was ended.',
    },
  },
})

@CacheControl({ scope: 'PRIVATE' })
@ObjectType({ description: 'One attempt to log in to an account, successful or not.' })
export class LoginAttempt {
  @Field(() => GraphQLDateTime, { description: 'When it was.' })
  at!: Date

  @Field(() => LoginMethod, { description: 'How it was tried.' })
  method!: LoginMethod

  @Field(() => LoginOutcome, { description: 'What came of it.' })
  outcome!: LoginOutcome

  @Field(() => DeviceType, { description: 'Kind of device, as it calls itself.' })
  deviceType!: DeviceType

  @Field(() => String, {
    description: 'What the device calls itself, for people, e.g. `Firefox on Linux`.',
  })
  deviceName!: string

  @Field(() => String, {
    nullable: true,
    description:
      'Its header `User-Agent` as it was sent, at most 512 characters; null without one.',
  })
  userAgent!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'IP address that it came from; null when it is not known.',
  })
  address!: string | null

  @Field(() => ID, {
    nullable: true,
    description:
      'Of the session that began, or that was ended by `REFRESH_TOKEN_REUSED`; null for other outcomes. The session may have ended since.',
  })
  sessionId!: string | null
}

export const LoginAttemptConnection = connectionOf<LoginAttemptRecord>(
  () => LoginAttempt,
  'LoginAttempt',
)
