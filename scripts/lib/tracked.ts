import { spawnSync } from 'node:child_process';

/**
 * Paths that git keeps although they are to be ignored: a link to `node_modules`, or what a build made. Only the
 * rules of the repository count, not those of who runs it.
 * @returns undefined outside of a repository, as in an unpacked archive of the sources.
 */
export function trackedButIgnored(folder: string): string[] | undefined {
  const isRepository = git(folder, ['rev-parse', '--is-inside-work-tree']);
  if (isRepository === undefined) return undefined;
  const ignored = git(folder, [
    'ls-files',
    '-z',
    '--cached',
    '--ignored',
    '--exclude-per-directory=.gitignore',
  ]);
  const tracked = git(folder, ['ls-files', '-z', '--cached']);
  if (ignored === undefined || tracked === undefined) throw new Error('git cannot list the files it tracks');
  // Whatever .gitignore says of it.
  const packages = paths(tracked).filter((path) => path.split('/').includes('node_modules'));
  return [...new Set([...paths(ignored), ...packages])].sort();
}

const paths = (list: string): string[] => list.split('\0').filter((path) => path !== '');

/** What a git command says; undefined when it fails or there is no git. */
function git(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return status === 0 ? stdout : undefined;
}
