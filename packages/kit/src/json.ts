/** The value of a JSON text from outside; undefined for what is none, which no schema of ours takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
