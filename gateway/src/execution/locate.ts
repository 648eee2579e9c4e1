import type { Fetch, Json, Path } from './answers.js'

/**
 * The response path of each entity that `fetch` asked about, in the order of its representations.
 * The executor leaves out objects that the fetch does not apply to (another type of a union, a missing
 * `@requires` field), so objects and representations are matched by value where their numbers differ.
 */
export function locate({ path, representations }: Fetch, data: Json): Path[] {
  if (!representations) return [path]
  const objects = objectsAt(path, data)
  if (objects.length === representations.length) return objects.map(([where]) => where)
  const found: Path[] = []
  for (const [where, object] of objects) {
    const next = representations[found.length]
    if (next && covers(object, next)) found.push(where)
  }
  return found
}

type Located = readonly [where: Path, object: unknown]

function objectsAt(path: Path, value: unknown, where: Path = []): Located[] {
  if (value === null || value === undefined) return []
  const [head, ...rest] = path
  if (head === undefined) return [[where, value]]
  if (Array.isArray(value)) {
    const inItem = head === '@' ? rest : path
    return value.flatMap((item, index) => objectsAt(inItem, item, [...where, index]))
  }
  return objectsAt(rest, (value as Record<string | number, unknown>)[head], [...where, head])
}

function covers(actual: unknown, expected: unknown): boolean {
  if (expected === null || typeof expected !== 'object') return actual === expected
  if (actual === null || typeof actual !== 'object') return false
  return Object.entries(expected).every(([key, value]) =>
    covers((actual as Record<string, unknown>)[key], value),
  )
}
