import type { ImportProblem } from '@cinegraph/kit/importing'

/** What stands in one line of a file, or, in CSV, in one row. */
export interface Row {
  /** The first of its lines, from 1. */
  readonly line: number
  /** Bytes of the file up to its end. */
  readonly bytes: number
  /** Undefined where it cannot be read. */
  readonly value?: unknown
  readonly problem?: ImportProblem
}

/** Bytes that a row may have. */
export const MAX_ROW_BYTES = 4 * 1024 * 1024

/** Another encoding, such as windows-1251, reads as this. */
const REPLACEMENT = '\uFFFD'

export const unreadable = (message: string): ImportProblem => ({ field: '', message })

/** Undefined for text that was UTF-8. */
export const encodingProblem = (text: string): ImportProblem | undefined =>
  text.includes(REPLACEMENT) ? unreadable('must be UTF-8') : undefined

/** Why a file as a whole is no import: words for a person. */
export class FileError extends Error {
  override readonly name = 'FileError'
}
