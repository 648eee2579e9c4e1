/** Another film has what has to be unique. */
export class ValueTaken extends Error {
  override readonly name = 'ValueTaken'
  constructor(
    readonly field: 'slug' | 'externalIds',
    readonly value: string,
  ) {
    super(`${field} ${value} is taken`)
  }
}
