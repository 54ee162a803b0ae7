// Faults of package.json and its lock that npm itself does not report until someone else installs.

type Versions = Record<string, string>;

interface LockPackage {
  resolved?: string;
  dependencies?: Versions;
  devDependencies?: Versions;
  optionalDependencies?: Versions;
}

export interface Manifest {
  dependencies?: Versions;
  devDependencies?: Versions;
  optionalDependencies?: Versions;
}

export interface Lock {
  packages: Record<string, LockPackage>;
}

const pinned = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?~?\d+\.\d+\.\d+(-[\w.]+)?$/;
const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** A platform package missing from the lock makes `npm ci` fail on that platform only. */
function missingOptional({ packages }: Lock): string[] {
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `package-lock.json lacks ${name}, an optional dependency of ${path || 'the project'}`),
  );
}

/** An address in the lock ties every install to the place the writer of the lock used. */
function fixedAddresses({ packages }: Lock): string[] {
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved?.includes('://'))
    .map(([path]) => `package-lock.json names a download address for ${path}`);
}

function notPinned(manifest: Manifest): string[] {
  return groups.flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, version]) => !pinned.test(version))
      .map(
        ([name, version]) => `package.json: ${name} "${version}" is neither exact nor pinned with a tilde`,
      ),
  );
}

function outOfStep(manifest: Manifest, { packages }: Lock): string[] {
  const same = (left: Versions = {}, right: Versions = {}): boolean =>
    JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
  return groups
    .filter((group) => !same(manifest[group], packages['']?.[group]))
    .map((group) => `package-lock.json is out of step with package.json: ${group}`);
}

export function checkLock(manifest: Manifest, lock: Lock): string[] {
  return [
    ...missingOptional(lock),
    ...fixedAddresses(lock),
    ...notPinned(manifest),
    ...outOfStep(manifest, lock),
  ];
}
