import { Language } from '@cinegraph/kit/graphql/language'
import { Arg } from 'type-graphql'

/** The argument of a text that there is in several languages. */
export const InLanguage = (): ReturnType<typeof Arg> =>
  Arg('language', () => Language, {
    defaultValue: Language.EN,
    description: 'The language to answer in; what was never translated comes in another one.',
  })
