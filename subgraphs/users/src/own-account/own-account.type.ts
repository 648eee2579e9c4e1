import { createUnionType, Field, InputType } from 'type-graphql'
import { LoginTaken, WeakPassword } from '../accounts/account-refusal.type.js'
import { MAX_NAME_LENGTH } from '../accounts/account.rules.js'
import { User } from '../accounts/user.type.js'

const CHANGE = `at most ${MAX_NAME_LENGTH} characters. Null or blank takes it away; left out, it stays as it is.`

@InputType({ description: 'Changes to your own profile.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: `Given name, ${CHANGE}` })
  firstName?: string | null

  @Field(() => String, { nullable: true, description: `Family name, ${CHANGE}` })
  lastName?: string | null
}

const isRefusal = (value: object): value is LoginTaken | WeakPassword =>
  value instanceof LoginTaken || value instanceof WeakPassword

export const ChangeLoginResult = createUnionType({
  name: 'ChangeLoginResult',
  description: 'What came of a change of login: it was changed, or somebody else has it.',
  types: () => [User, LoginTaken] as const,
  resolveType: (value) => (isRefusal(value) ? LoginTaken : User),
})

export const ChangePasswordResult = createUnionType({
  name: 'ChangePasswordResult',
  description:
    'What came of a change of password: it was changed, or the new one is easily guessed.',
  types: () => [User, WeakPassword] as const,
  resolveType: (value) => (isRefusal(value) ? WeakPassword : User),
})
