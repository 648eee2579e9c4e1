import { v5 } from 'uuid'

const NAMESPACE = '6f5c1f2e-9d0b-4c57-8a52-3f0f6c0a7d11'

/** The same id for the same thing on every machine, so that links and tests can name it. */
export const stableId = (kind: 'film' | 'person' | 'genre', key: string): string =>
  v5(`${kind}:${key}`, NAMESPACE)
