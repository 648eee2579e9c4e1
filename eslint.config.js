import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

const ENVIRONMENT = 'The environment is read in main.ts and config only; pass values down.'
const noEnvironment = [
  "MemberExpression[object.name='process'][property.name='env']",
  "MemberExpression[object.name='process'][property.value='env']",
  "VariableDeclarator[init.name='process'] > ObjectPattern",
  'ImportDeclaration[source.value=/^(node:)?process$/]',
].map((selector) => ({ selector, message: ENVIRONMENT }))
const noBuildSchema = {
  selector: "ImportSpecifier[imported.name='buildSchema'][parent.source.value='type-graphql']",
  message: "TypeGraphQL's metadata is global to the process: only the kit builds schemas.",
}
const noWholeClient = {
  selector: ":not(TSTypeParameterInstantiation) > TSTypeReference[typeName.name='PrismaClient']",
  message: "Take a Pick of the client with the models of this repository's owner.",
}

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', '**/node_modules/', '.cinegraph/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-params': ['error', { max: 3 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...noEnvironment, noBuildSchema, noWholeClient],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // services and connections are plain objects of closures: `async` states the port's promise, not an await
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // overflows the stack on types that contain themselves, such as those of graphql
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: [
      '**/main.ts',
      '**/config.ts',
      'scripts/**',
      'examples/**',
      '**/vitest.config.ts',
      'packages/testkit/**',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', noBuildSchema, noWholeClient] },
  },
  {
    files: ['packages/kit/src/graphql/build-subgraph.ts', 'packages/engines/src/postgres/open.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noEnvironment] },
  },
  { files: ['**/test/**'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['scripts/**', 'examples/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { console: false, process: false, module: true },
    },
  },
)
