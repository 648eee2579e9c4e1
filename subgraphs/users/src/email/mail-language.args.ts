import { Language } from '@cinegraph/kit/graphql/language'
import { Arg, ArgsType, Field } from 'type-graphql'

const OPTIONS = {
  defaultValue: Language.EN,
  description: 'Language of the mail that is sent.',
}

/** The argument of every mutation that sends mail. */
export const MailLanguageArg = (): ReturnType<typeof Arg> =>
  Arg('language', () => Language, OPTIONS)

/** The same beside other arguments. */
@ArgsType()
export class MailLanguageArgs {
  @Field(() => Language, OPTIONS)
  language!: Language
}
