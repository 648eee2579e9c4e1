import { isDeepStrictEqual } from 'node:util'

/** A field that an edit changed. Values are JSON; null where there was or is none. */
export interface Change {
  /** Its name; of a text in languages with the language, e.g. `title.en`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** An edit as it is stored. */
export interface AuditRecord {
  /** Of what was edited, after the edit. */
  readonly version: number
  readonly action: string
  /** Null when it was no person. */
  readonly userId: string | null
  readonly at: Date
  readonly changes: readonly Change[]
}

type Fields = Readonly<Record<string, unknown>>

/**
 * What differs between two states of one thing, by name of field. An object is compared member by member, a list as a whole;
 * absent and null are the same. Values are those of JSON.
 */
export function changesBetween(before: Fields, after: Fields): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((field) => {
    const [was, is] = [before[field] ?? null, after[field] ?? null]
    if (isDeepStrictEqual(was, is)) return []
    if (!isFields(was) && !isFields(is)) return [{ field, before: was, after: is }]
    return changesBetween(isFields(was) ? was : {}, isFields(is) ? is : {}).map((change) => ({
      ...change,
      field: `${field}.${change.field}`,
    }))
  })
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
