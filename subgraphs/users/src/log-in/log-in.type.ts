import { Field, InputType } from 'type-graphql'

@InputType({ description: 'What a person logs in with.' })
export class LogInInput {
  @Field(() => String, { description: 'Login, in any case.' })
  login!: string

  @Field(() => String, { description: 'Password.' })
  password!: string
}
