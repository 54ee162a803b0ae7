// Which folder may import which. scripts/check-boundaries.ts runs these rules on the tree and on planted
// violations in scripts/fixtures/boundaries; every rule here must have one there.
const path = require('node:path');

const test = '[.]test[.]tsx?$';
const testCode = `${test}|^(core|host|simulators)/testing/`;
const io = '^(node:)?(fs|fs/promises|net|dgram|tls|http|https|http2|worker_threads|child_process)$';
const workerThreads = '^(node:)?worker_threads$';
/** Programs of a worker thread: they run in no other place, and must reach their own message port. */
const workerEntry = '^(core|host)/.+[/-]worker[.]ts$';

/** Parts of repositories: statements compiled once, and conditions that a filter becomes. */
const sqlParts =
  '^core/inventory/(prepared|device-query|device-order|set-sizes|device-fields|device-stats)[.]ts$|^core/rsql/(compile|field)[.]ts$';

/** A rule that code under `from` imports nothing of `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const direction = [
  forbid(
    'core-imports-nothing-above',
    'The platform runs without the programs around it.',
    { path: '^core/' },
    {
      path: '^(host|simulators|electron|renderer|e2e|bench|scripts)/|(^|/)node_modules/electron/|^electron$',
    },
  ),
  forbid(
    'contract-stands-alone',
    'Everyone may import the contract, so it brings nothing else along.',
    { path: '^core/contract/', pathNot: test },
    { path: '^core/', pathNot: '^core/contract/' },
  ),
  forbid(
    'protocols-stand-alone',
    'Wire code is shared with the simulators and knows no platform.',
    { path: '^core/protocols/', pathNot: test },
    { path: '^core/', pathNot: '^core/protocols/' },
  ),
  forbid(
    'platform-stands-alone',
    'The seams are below everything else in core.',
    { path: '^core/platform/', pathNot: test },
    { path: '^core/', pathNot: '^core/(platform|contract)/' },
  ),
  forbid(
    'store-knows-no-area',
    'The store is replaceable: it knows no area of the platform.',
    { path: '^core/store/', pathNot: test },
    { path: '^core/', pathNot: '^core/(store|platform|contract)/' },
  ),
  forbid(
    'connectors-stand-apart',
    'A connectivity is a folder that can be added or removed alone.',
    { path: '^core/connectors/([^/]+)/' },
    { path: '^core/connectors/[^/]+/', pathNot: '^core/connectors/$1/' },
  ),
  forbid(
    'simulators-speak-on-the-wire',
    'A simulated device knows of the platform what a real device knows.',
    { path: '^simulators/', pathNot: testCode },
    {
      path: '^(core|host|electron|renderer|e2e|bench|scripts)/',
      pathNot: '^core/(protocols|contract)/',
    },
  ),
  forbid(
    'simulator-tests-stay-on-the-wire',
    'Tests of simulators may use the shared test code and the seams, not the platform.',
    { path: `^simulators/(testing/|.*${test})` },
    {
      path: '^(core|host|electron|renderer|e2e|bench)/',
      pathNot: '^core/(protocols|contract|platform|testing)/',
    },
  ),
  forbid(
    'host-imports-core-and-simulators',
    'The composition root is used by the desktop program and the portal, never the other way round.',
    { path: '^host/' },
    { path: '^(electron|renderer|e2e|bench|scripts)/|(^|/)node_modules/electron/|^electron$' },
  ),
  forbid(
    'electron-is-a-thin-shell',
    'The desktop program does nothing that the headless one cannot.',
    { path: '^electron/' },
    { path: '^(core|simulators|renderer|e2e|bench|scripts)/', pathNot: '^core/contract/' },
  ),
  forbid(
    'renderer-uses-the-contract',
    'The portal is a client: it runs in a browser and talks to the API. The alphabet of short messages counts as one types.',
    { path: '^renderer/' },
    {
      path: '^(core|host|simulators|electron|e2e|bench|scripts)/',
      pathNot: '^core/(contract/|testing/properties[.]ts$|protocols/smpp/segments[.]ts$)',
    },
  ),
];

const effects = [
  forbid(
    'only-the-seam-does-io',
    'Files, sockets and threads come through core/platform, so that tests can replace them.',
    {
      path: '^(core|host|simulators)/',
      pathNot: `^core/platform/|^host/cli(/|[.])|${testCode}|${workerEntry}`,
    },
    { path: io },
  ),
  forbid(
    'seams-name-only-types-of-node',
    'A seam may use a type of Node, but what it does is in core/platform/node.',
    { path: '^core/platform/', pathNot: `^core/platform/node/|${testCode}` },
    { path: io, dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'worker-entries-use-only-their-port',
    'A worker may reach its message port; its files come through the seam too.',
    { path: workerEntry },
    { path: io, pathNot: workerThreads },
  ),
  forbid(
    'only-the-store-opens-the-database',
    'A second store must need no change outside core/store.',
    { path: '^(core|host|simulators|electron|renderer)/', pathNot: `^core/store/|${testCode}` },
    { path: '(^|/)node_modules/@sqlite[.]org/' },
  ),
  forbid(
    'only-repositories-build-sql',
    'SQL is in the store and in repositories, so that a second store finds all of it.',
    {
      path: '^(core|host|simulators|electron|renderer)/',
      pathNot: `^core/store/|[-/]repository[.]ts$|${sqlParts}|${testCode}`,
    },
    { path: '^core/store/builder[.]ts$|(^|/)node_modules/kysely/' },
  ),
  forbid(
    'only-the-composition-picks-the-node-seam',
    'Other code takes the seams as interfaces, or a test could not replace them.',
    { path: '^core/', pathNot: `^core/platform/node/|^core/platform[.]ts$|${testCode}|${workerEntry}` },
    { path: '^core/platform/node/' },
  ),
];

const hygiene = [
  forbid('no-cycles', 'Parts of a cycle can be neither read nor tested alone.', {}, { circular: true }),
  forbid(
    'no-unresolved',
    'An import that leads nowhere hides what it would reach.',
    {},
    { couldNotResolve: true },
  ),
  forbid(
    'no-test-code-in-the-product',
    'Test code must not reach a user.',
    { path: '^(core|host|simulators|electron|renderer)/', pathNot: testCode },
    { path: `${test}|^(core|host|simulators)/testing/` },
  ),
  forbid(
    'no-dev-dependency-in-the-product',
    'An installed product has no development packages.',
    { path: '^(core|host|simulators|electron)/', pathNot: testCode },
    {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: '(^|/)node_modules/(@types|electron)/',
    },
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...direction, ...effects, ...hygiene],
  options: {
    // An import of a type only is a dependency too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(__dirname, 'tsconfig.json') },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|scripts/fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
