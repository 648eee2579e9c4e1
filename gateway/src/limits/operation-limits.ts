/** How much one operation may ask. What fragments hold counts at each of their spreads. */
export interface OperationLimits {
  /** Of the document, in UTF-16 code units. */
  characters: number
  /** Words and signs of the document; it is not parsed to its end when it has more. */
  tokens: number
  /** Fields inside fields; the root fields are at depth 1. */
  depth: number
  fields: number
  rootFields: number
  aliases: number
  directives: number
  /** Items that the lists of the answer may hold together, as the operation announces them. */
  nodes: number
}

export const OPERATION_LIMITS: OperationLimits = {
  characters: 100_000,
  tokens: 2_000,
  depth: 15,
  fields: 1_000,
  rootFields: 20,
  aliases: 30,
  directives: 50,
  nodes: 20_000,
}
