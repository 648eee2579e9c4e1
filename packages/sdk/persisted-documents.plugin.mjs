import { createHash } from 'node:crypto'
import { Kind, print, visit } from 'graphql'

/**
 * A plugin of graphql-codegen that writes the manifest of all operations in Apollo's format,
 * https://www.apollographql.com/docs/graphos/platform/security/persisted-queries.
 * An id is the SHA-256 of the very text that the client sends.
 */
export function plugin(_schema, files) {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? [])
  const fragments = new Map(
    definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]),
  )
  const operations = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((operation) => describe(operation, fragments))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function describe(operation, fragments) {
  const used = new Set()
  const collect = (node) =>
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (used.has(value)) return
        used.add(value)
        collect(fragments.get(value))
      },
    })
  collect(operation)
  // in the order in which typed-document-node has them
  const parts = [...fragments.values()].filter(({ name }) => used.has(name.value))
  const body = print({ kind: Kind.DOCUMENT, definitions: [operation, ...parts] })
  return {
    id: createHash('sha256').update(body).digest('hex'),
    name: operation.name.value,
    type: operation.operation,
    body,
  }
}

const isFragment = ({ kind }) => kind === Kind.FRAGMENT_DEFINITION
