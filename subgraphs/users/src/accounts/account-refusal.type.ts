import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { PasswordWeakness, WEAKNESSES } from './password-policy.js'

@ObjectType({ description: 'Someone else has this login, perhaps in another case.' })
export class LoginTaken {
  @Field(() => String, { description: 'The login that was asked for.' })
  login!: string
}

registerEnumType(PasswordWeakness, {
  name: 'PasswordWeakness',
  description: 'Why a password is easily guessed.',
  valuesConfig: {
    COMMON: { description: WEAKNESSES.COMMON },
    PERSONAL: { description: WEAKNESSES.PERSONAL },
  },
})

@ObjectType({ description: 'The password is long enough but easily guessed; ask for another.' })
export class WeakPassword {
  @Field(() => PasswordWeakness, { description: 'Why it is easily guessed.' })
  reason!: PasswordWeakness
}
