/** No engine stores U+0000 or half of a surrogate pair, in text or in JSON. */
export const storable = (text: string): string =>
  text.isWellFormed() && !text.includes('\0') ? text : text.replace(/[\0\p{Surrogate}]/gu, '')
