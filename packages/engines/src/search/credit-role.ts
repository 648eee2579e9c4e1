/** What a person did for a film: in the documents of the index, and as the GraphQL enum `CreditRole` of every subgraph. */
export const CreditRole = {
  ACTOR: 'ACTOR',
  DIRECTOR: 'DIRECTOR',
  WRITER: 'WRITER',
  PRODUCER: 'PRODUCER',
  COMPOSER: 'COMPOSER',
} as const
export type CreditRole = (typeof CreditRole)[keyof typeof CreditRole]

/**
 * For `registerEnumType(CreditRole, CREDIT_ROLE_ENUM)`. An enum that is used as input must have the same values in every
 * subgraph: composition would silently keep only those that all of them have.
 */
export const CREDIT_ROLE_ENUM = {
  name: 'CreditRole',
  description: 'What a person did for a film.',
  valuesConfig: {
    ACTOR: { description: 'Played a character; the credit names it where it is known.' },
    DIRECTOR: { description: 'Directed it; a film may have several directors.' },
    WRITER: { description: 'Wrote the screenplay or the work it is based on.' },
    PRODUCER: { description: 'Produced it.' },
    COMPOSER: { description: 'Composed its music.' },
  },
} as const
