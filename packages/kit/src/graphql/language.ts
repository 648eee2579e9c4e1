import { registerEnumType } from 'type-graphql'
import { Language } from '../language.js'

registerEnumType(Language, {
  name: 'Language',
  description: 'A language of the catalogue.',
  valuesConfig: { EN: { description: 'English.' }, RU: { description: 'Russian.' } },
})

/** As a GraphQL type. Every subgraph takes this enum from here, so its values cannot diverge. */
export { Language }
