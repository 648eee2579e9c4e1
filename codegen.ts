import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types and documents of the SDK (ignored by git, built by `prepare`) and its manifest (committed). */
const config: CodegenConfig = {
  schema: 'gateway/api-schema.graphql',
  documents: 'packages/sdk/src/documents/*.graphql',
  silent: true,
  generates: {
    'packages/sdk/src/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'documentNode',
        useTypeImports: true,
        enumType: 'string-literal',
        scalars: { ID: 'string', Date: 'string', DateTime: 'string' },
        inputMaybeValue: 'T | null | undefined',
      },
    },
    'packages/sdk/persisted-documents.json': {
      plugins: ['packages/sdk/persisted-documents.plugin.mjs'],
    },
  },
}

// graphql-codegen loads the default export
export default config
