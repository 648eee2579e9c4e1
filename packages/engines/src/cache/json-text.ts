/** The value of a JSON text; every call gives a copy of its own. */
export const parseText = (text: string | undefined): unknown =>
  text === undefined ? undefined : JSON.parse(text)
