// Who may import whom (docs/decisions/0002). Imports point downwards only; tests beside the source may look further.
const OWN = '^(apps|operators|runtime|test|examples)/';
const TESTS = String.raw`\.test\.(ts|js)$`;
const SDK = '^operators/sdk/';

/** Code of `from` may reach, of our own packages, only itself and `allowed`. */
function only(name, comment, from, allowed) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: TESTS },
    to: { path: OWN, pathNot: [from, ...allowed] },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that cannot be found, for example of a package that the manifest does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared',
      comment: 'The package is used but not a dependency of the folder that uses it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-deep-imports',
      comment: 'Another package is reached by its name and its exports, never by a path into its source.',
      severity: 'error',
      from: { path: '^((?:apps|runtime|operators(?:/connectors)?|examples)/[^/]+|test)/' },
      to: {
        path: OWN,
        pathNot: '^$1/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['localmodule', 'aliased', 'aliased-workspace'],
      },
    },
    only('sdk-stands-alone', 'The contract depends on nothing of ours.', SDK, []),
    {
      name: 'operators-use-the-sdk-only',
      comment: 'Built-in operators come through the same door as a plugin.',
      severity: 'error',
      from: { path: '^((?:operators(?:/connectors)?|examples)/[^/]+)/', pathNot: [TESTS, SDK] },
      to: { path: OWN, pathNot: ['^$1/', SDK] },
    },
    only('graph-is-pure', 'The editor imports it: the sdk and nothing else.', '^runtime/graph/', [SDK]),
    only('planner-looks-down', 'planner → graph, sdk', '^runtime/planner/', [SDK, '^runtime/graph/']),
    only('engine-looks-down', 'engine → planner (plans), graph, sdk', '^runtime/engine/', [
      SDK,
      '^runtime/(graph|planner)/',
    ]),
    only('embedded-looks-down', 'embedded → engine, planner, graph, sdk', '^runtime/embedded/', [
      SDK,
      '^runtime/(graph|planner|engine)/',
    ]),
    only('bull-looks-down', 'bull → engine, planner, graph, sdk', '^runtime/bull/', [
      SDK,
      '^runtime/(graph|planner|engine)/',
    ]),
    only('editor-is-browser-safe', 'editor → graph, sdk; the catalogue comes from the server', '^apps/editor/', [
      SDK,
      '^runtime/graph/',
    ]),
    {
      name: 'apps-are-the-top',
      comment: 'Apps compose the rest. Only apps and tests know them.',
      severity: 'error',
      from: { path: OWN, pathNot: ['^(apps|test)/', TESTS] },
      to: { path: '^apps/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Test support and test files are for tests.',
      severity: 'error',
      from: { path: OWN, pathNot: ['^test/', TESTS] },
      to: { path: ['^test/', TESTS] },
    },
    {
      name: 'lmdb-stays-in-embedded',
      comment: "LMDB types stop at runtime/embedded, and at the server's own document store.",
      severity: 'error',
      from: { path: OWN, pathNot: ['^runtime/embedded/', '^apps/server/src/store/', '^test/', TESTS] },
      to: { path: 'node_modules/lmdb/' },
    },
    {
      name: 'redis-stays-in-bull',
      comment: 'Redis and BullMQ types stop at runtime/bull (and the redis connector).',
      severity: 'error',
      from: { path: OWN, pathNot: ['^runtime/bull/', '^operators/connectors/redis/', '^test/', TESTS] },
      to: { path: 'node_modules/(ioredis|bullmq)/' },
    },
    {
      name: 'no-test-tools-in-code',
      comment: 'Test tools are devDependencies of the root, absent in production.',
      severity: 'error',
      from: { path: '^(apps|operators|runtime)/', pathNot: [TESTS, '/testing/'] },
      to: { path: 'node_modules/(vitest|fast-check)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
