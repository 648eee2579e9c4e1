/** Who may import whom. Read top down: every line is a wall of the house. */

/** A vendor's client is imported in the one place that hides it. */
const only = (name, module, places) => ({
  name: `only-there-${name}`,
  severity: 'error',
  comment: `${module} is imported in ${places.join(', ')} only`,
  from: { pathNot: [...places, '\\.test\\.ts$', '^packages/testkit/'] },
  to: { path: `node_modules/${module}/` },
})

/** Measures adapters beside the clients that they hide. */
const BESIDE = '^scripts/src/bench/engines/'

/** `from` may not reach anything in `to`. */
const wall = (name, { from, to, comment }) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.ts$|/test/' },
  to: { path: to, pathNot: from },
})

/** Folders of `root`, each of which may import those after it only. */
const storeys = (root, folders) =>
  folders.map((folder, storey) =>
    wall(`storey-${folder}`, {
      from: `^${root}/${folder}/`,
      to: `^${root}/(?!(${folders.slice(storey).join('|')})/)[^/]+/`,
      comment: `${folder} imports ${folders.slice(storey + 1).join(', ') || 'no other folder'}`,
    }),
  )

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-undeclared',
      severity: 'error',
      comment: 'a package imports only what its own package.json lists',
      from: {
        path: '^(packages|gateway|subgraphs|workers|infra|scripts)/',
        pathNot: '\\.(test|contract)\\.ts$|/test/',
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    wall('kit-is-the-floor', {
      from: '^packages/kit/',
      to: '^(packages|gateway|subgraphs|workers|scripts)/',
      comment: 'the kit imports nothing of ours',
    }),
    wall('engines-know-no-features', {
      from: '^packages/(engines|events)/',
      to: '^(gateway|subgraphs|workers|scripts|packages/(embedded|testkit|sdk))/',
      comment: 'engines stand on the kit only',
    }),
    wall('gateway-knows-no-domain', {
      from: '^gateway/',
      to: '^(subgraphs|workers|scripts|packages/(engines|embedded|testkit|sdk))/',
      comment: 'the gateway serves any supergraph',
    }),
    ...storeys('subgraphs/users/src', [
      'own-account',
      'log-in',
      'social',
      'email',
      'authentication',
      'administration',
      'housekeeping',
      'sessions',
      'login-history',
      'accounts',
      'keys',
      'revocations',
      'devices',
      'limits',
    ]),
    wall('sdk-stands-alone', {
      from: '^packages/sdk/',
      to: '^(packages|gateway|subgraphs|workers|scripts)/',
      comment: 'the SDK is published: it imports nothing of ours',
    }),
    {
      name: 'subgraphs-and-workers-are-islands',
      severity: 'error',
      comment: 'roots never import each other: they meet in the supergraph and in events',
      from: { path: '^(subgraphs|workers)/([^/]+)/', pathNot: '\\.test\\.ts$|/test/' },
      to: { path: '^(subgraphs|workers|gateway|scripts)/', pathNot: '^$1/$2/' },
    },
    {
      name: 'embedded-is-for-laptops',
      severity: 'error',
      comment: 'images leave the embedded servers out: only scripts and the testkit start them',
      from: {
        pathNot: '^(scripts|infra/native|packages/(embedded|testkit))/|/test/|\\.test\\.ts$',
      },
      to: { path: '^packages/embedded/' },
    },
    {
      name: 'native-is-for-tests',
      severity: 'error',
      comment:
        'real servers are started by people and by tests: nothing that is deployed knows them',
      from: { pathNot: '^infra/native/|/test/|\\.test\\.ts$' },
      to: { path: '^infra/native/' },
    },
    wall('native-knows-no-engines', {
      from: '^infra/native/',
      to: '^(gateway|subgraphs|workers|scripts|packages/(engines|events|testkit|sdk))/',
      comment: 'servers know nothing of what is kept in them',
    }),
    {
      name: 'testkit-is-for-tests',
      severity: 'error',
      from: { pathNot: '^packages/testkit/|/test/|\\.test\\.ts$|^vitest\\.config\\.ts$' },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'prisma-in-repositories',
      severity: 'error',
      comment:
        'Prisma is imported by repositories, by the engine that opens it and by migrations only',
      from: {
        pathNot:
          '\\.repository\\.ts$|\\.test\\.ts$|/test/|^packages/(engines/src/postgres|embedded|testkit)/|^prisma\\.config\\.ts$',
      },
      to: { path: 'node_modules/@?prisma/|^packages/engines/src/postgres/generated/' },
    },
    {
      name: 'services-know-no-graphql',
      severity: 'error',
      comment: 'services and repositories hold the rules and the rows, whoever asks',
      from: { path: '\\.(service|repository)\\.ts$' },
      to: { path: 'node_modules/(graphql|type-graphql|@apollo)/|^packages/kit/src/graphql/' },
    },
    only('lru-cache', 'lru-cache', [
      '^packages/engines/src/(cache|counters)/',
      '^packages/engines/src/search/elasticsearch/',
      '^packages/kit/src/identity\\.ts$',
      '^gateway/',
    ]),
    only('rate-limiter-flexible', 'rate-limiter-flexible', ['^packages/engines/src/counters/']),
    only('ioredis', 'ioredis', ['^packages/engines/src/redis/', BESIDE]),
    only('elasticsearch', '@elastic/elasticsearch', [
      '^packages/engines/src/search/elasticsearch/',
      BESIDE,
    ]),
    only('pg', 'pg', [
      '^packages/engines/src/postgres/',
      '^packages/engines/src/search/postgres/',
      '^packages/engines/src/event-log/postgres/',
      '^packages/embedded/',
      '^infra/native/',
    ]),
    only('kafkajs', 'kafkajs', [
      '^packages/engines/src/event-log/kafka',
      BESIDE,
      '^infra/native/src/servers/kafka\\.ts$',
    ]),
    only('slugify', '@sindresorhus/slugify', ['^packages/kit/src/slug-from\\.ts$']),
    only('nodemailer', 'nodemailer', ['^packages/engines/src/mailer/nodemailer\\.ts$']),
    only('oauth4webapi', 'oauth4webapi', ['^subgraphs/users/src/social/']),
    only('type-graphql-build', '@apollo/subgraph', [
      '^packages/kit/src/graphql/',
      '^gateway/test/',
    ]),
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/|/generated/' },
    exclude: { path: '^(?!.*node_modules/).*/dist/|\\.cinegraph/|^admin/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
  },
}
