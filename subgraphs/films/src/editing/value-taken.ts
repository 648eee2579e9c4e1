import type { ExternalId } from '../films/film.record.js'

/** What no two films have. */
export type UniqueValue = { readonly slug: string } | ExternalId

/** Another film has what has to be unique. */
export class ValueTaken extends Error {
  override readonly name = 'ValueTaken'
  constructor(
    readonly value: UniqueValue,
    /** Where the client gave it, e.g. `['externalIds', 0]`. */
    readonly path: readonly (string | number)[],
  ) {
    super('another film has this value')
  }
}
