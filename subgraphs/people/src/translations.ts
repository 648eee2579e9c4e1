import type { Translations } from '@cinegraph/kit/language'

/** Gathers one column of translation rows by language; a text that was never translated is left out. */
export const textsOf = <K extends string>(
  rows: readonly ({ language: string } & Readonly<Record<K, string | null>>)[],
  column: K,
): Translations =>
  Object.fromEntries(
    rows.flatMap((row) => (row[column] === null ? [] : [[row.language, row[column]]])),
  )
