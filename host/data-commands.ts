import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PlatformError } from '../core/contract/errors.ts';
import type { Files } from '../core/platform/files.ts';
import { nodeFiles } from '../core/platform/node/node-files.ts';
import { nodeProcesses } from '../core/platform/node/node-processes.ts';
import { nodeRandom } from '../core/platform/node/node-random.ts';
import type { Processes } from '../core/platform/processes.ts';
import {
  contentFolder,
  contentOf,
  problemOfContent,
  type StoredContent,
} from '../core/resources/content-folder.ts';
import { DataFolder } from '../core/store/data-folder.ts';
import { endLine, fileLine } from '../core/store/export-format.ts';
import { exportTables } from '../core/store/export-tables.ts';
import { ImportError, importTables } from '../core/store/import-tables.ts';
import { FolderLock } from '../core/store/lock.ts';
import { countRows, type OfflineData, readOffline } from '../core/store/offline.ts';
import { repairFolder } from '../core/store/repair.ts';

export interface CommandIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

interface TextOutput {
  /** @param done is called when the text is taken, or cannot be. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

export interface CommandSeams {
  readonly files: Files;
  readonly processes: Processes;
}

/** Exit codes: done; done and something is wrong with the data; not done. */
const exitCodes = { ok: 0, bad: 1, refused: 2 } as const;

export const dataUsage = `Usage: fleetbench data <command> --data-dir DIR

  check              verify the data without changing anything
  repair             open what comes before a damage, set the rest aside in damaged-… files
  export [--out F]   write all tables as JSON Lines to stdout or a new file
  import F           fill an empty data folder from an export
  reset --yes        delete all data

None of them works on a folder that a running Fleetbench uses.`;

/** The command cannot be done as it was asked for. */
class Refusal extends Error {}

interface Invocation {
  readonly dataDir: string;
  readonly folder: DataFolder;
  readonly lock: FolderLock;
  readonly files: Files;
  readonly io: CommandIo;
  readonly out: string | undefined;
  readonly source: string | undefined;
  readonly yes: boolean;
}

type Command = (invocation: Invocation) => Promise<number>;

const commands: Record<string, Command> = {
  check: async (invocation) => withData(invocation, check),
  export: async (invocation) => withData(invocation, exportData),
  repair: async (invocation) => locked(invocation, repair),
  reset: async (invocation) => locked(invocation, reset),
  import: importData,
};

/**
 * Runs `fleetbench data …`.
 * @param argv what follows `data`.
 * @returns the exit code: 0 done, 1 the data is damaged, 2 refused with one line on stderr.
 */
export async function runDataCommand(
  argv: readonly string[],
  io: CommandIo,
  seams: CommandSeams = { files: nodeFiles, processes: nodeProcesses },
): Promise<number> {
  try {
    const parsed = parse(argv);
    if (!parsed) {
      io.stdout.write(`${dataUsage}\n`);
      return exitCodes.ok;
    }
    const { command, options } = parsed;
    const { files, processes } = seams;
    const folder = new DataFolder(files, options.dataDir);
    const lock = new FolderLock(files, processes, nodeRandom, options.dataDir);
    return await command({ ...options, folder, lock, files, io });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const expected =
      error instanceof Refusal ||
      error instanceof ImportError ||
      error instanceof PlatformError ||
      code !== undefined;
    if (!expected) throw error;
    io.stderr.write(`fleetbench data: ${(error as Error).message}\n`);
    return exitCodes.refused;
  }
}

function parse(argv: readonly string[]) {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h'))
    return undefined;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    throw new Refusal(`there is no command "${name}"; use one of ${Object.keys(commands).sort().join(', ')}`);
  }
  const { values, positionals } = parseFlags(rest);
  const { 'data-dir': dataDir, out, yes = false } = values;
  if (!dataDir) throw new Refusal('say which folder with --data-dir DIR');
  if (out !== undefined && name !== 'export') throw new Refusal(`--out does not belong to ${name}`);
  if (yes && name !== 'reset') throw new Refusal(`--yes does not belong to ${name}`);
  if (positionals.length > (name === 'import' ? 1 : 0)) {
    throw new Refusal(`${name} does not take "${positionals.at(-1)}"`);
  }
  return { command, options: { dataDir, out, yes, source: positionals[0] } };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { 'data-dir': { type: 'string' }, out: { type: 'string' }, yes: { type: 'boolean' } },
    });
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

async function requireData({ files, folder, dataDir }: Invocation): Promise<void> {
  if ((await files.list(folder.store)).length === 0)
    throw new Refusal(`there is no data of Fleetbench in ${dataDir}`);
}

async function locked(invocation: Invocation, run: Command): Promise<number> {
  await requireData(invocation);
  await invocation.lock.acquire();
  try {
    return await run(invocation);
  } finally {
    await invocation.lock.release();
  }
}

/** For commands that only read: they leave no lock behind, and need no right to write. */
async function withData(
  invocation: Invocation,
  run: (invocation: Invocation, data: OfflineData) => Promise<number>,
): Promise<number> {
  await invocation.lock.requireFree();
  await requireData(invocation);
  const data = await readOffline(invocation.files, invocation.dataDir);
  try {
    return await run(invocation, data);
  } finally {
    data.database.close();
  }
}

async function check({ dataDir, files, io }: Invocation, data: OfflineData): Promise<number> {
  const { snapshot, journal, replayedGroups, refused, database } = data;
  const say = (label: string, text: string): void => void io.stdout.write(`${label.padEnd(12)} ${text}\n`);
  const { found, problems } = snapshot;
  say('folder', dataDir);
  say('snapshot', found ? `up to group ${found.lastGroup}, ${found.fileBytes} bytes` : 'none');
  for (const problem of problems) say('', `not valid: ${problem}`);
  const bytes = journal.segments.reduce((sum, segment) => sum + segment.bytes, 0);
  say(
    'journal',
    `${journal.segments.length} segments, ${bytes} bytes, ${replayedGroups} groups after the snapshot`,
  );
  say('last group', String(journal.lastGroup));
  const { torn, damage } = journal;
  if (torn) {
    say(
      'torn end',
      `${torn.bytes} bytes in ${torn.file.path} at byte ${torn.offset}; the next start cuts them off`,
    );
  }
  if (damage) {
    const { file, offset, reason, wholeGroupsAfter, wholeBytesAfter } = damage;
    say('DAMAGE', `${file.path} at byte ${offset}: ${reason}`);
    say('', `${wholeGroupsAfter} groups (${wholeBytesAfter} bytes) behind it are whole`);
    say('', `run: fleetbench data repair --data-dir ${dataDir}`);
  }
  for (const { group, sql, reason } of refused)
    say('REFUSED', `a transaction of group ${group}: ${reason}. ${sql}`);
  const verdicts: string[] = [];
  database.each('PRAGMA integrity_check', [], ([verdict]) => verdicts.push(String(verdict)));
  say('integrity', verdicts.join('; '));
  for (const { table, rows } of countRows(database)) say('table', `${table}: ${rows} rows`);
  let missing = 0;
  let contents = 0;
  let contentBytes = 0;
  for (const stored of contentOf(database)) {
    const content = await files.read(join(contentFolder(dataDir), stored.file));
    contents += 1;
    contentBytes += content?.byteLength ?? 0;
    const problem = problemOfContent(stored, content);
    if (problem === undefined) continue;
    missing += 1;
    say('CONTENT', `${describeContent(stored)}: ${problem}`);
  }
  if (contents > 0) say('contents', `${contents} files of resources, ${contentBytes} bytes`);
  const whole =
    missing === 0 && !damage && refused.length === 0 && verdicts[0] === 'ok' && problems.length === 0;
  say('result', whole ? 'whole' : 'NOT WHOLE');
  return whole ? exitCodes.ok : exitCodes.bad;
}

function describeContent({ resourceId, versionId, file, size }: StoredContent): string {
  return `resource ${resourceId}, version ${versionId}, ${size} bytes in ${file}`;
}

async function repair({ files, dataDir, io }: Invocation): Promise<number> {
  const { damage, keptUpToGroup, setAside, salvaged } = await repairFolder(files, dataDir);
  if (!damage && setAside.length === 0) {
    io.stdout.write('There is no damage that needs a repair; nothing was changed.\n');
    return exitCodes.ok;
  }
  io.stdout.write(`Kept: everything up to group ${keptUpToGroup}.\n`);
  if (salvaged) {
    const { path, torn } = salvaged;
    const what =
      torn.length > 0
        ? `rows are missing in the tables ${torn.join(', ')}`
        : 'no row is missing, but what some of them hold may have changed';
    io.stdout.write(`Used in spite of its damage: ${path}; ${what}.\n`);
  }
  if (damage) {
    const { wholeGroupsAfter, wholeBytesAfter } = damage;
    io.stdout.write(
      `Set aside: ${wholeGroupsAfter} whole groups (${wholeBytesAfter} bytes) behind the damage.\n`,
    );
  }
  for (const path of setAside) io.stdout.write(`  ${path}\n`);
  return exitCodes.ok;
}

async function exportData({ files, io, out, dataDir }: Invocation, data: OfflineData): Promise<number> {
  const { damage, lastGroup } = data.journal;
  const [problem] = data.snapshot.problems;
  if (problem !== undefined && lastGroup === 0) throw new Refusal(`there is no valid snapshot (${problem})`);
  if (damage) {
    throw new Refusal(
      `${damage.file.path} is damaged at byte ${damage.offset}; run data repair --data-dir ${dataDir}`,
    );
  }
  if (out === undefined) {
    const { missing } = await exportAll({ files, io, dataDir }, data, (text) => writeOut(io.stdout, text));
    return missing === 0 ? exitCodes.ok : exitCodes.bad;
  }
  if (!(await files.createExclusive(out, ''))) throw new Refusal(`${out} exists already`);
  const file = await files.openAppend(out);
  let whole = false;
  try {
    const { rows, contents, missing } = await exportAll({ files, io, dataDir }, data, (text) =>
      file.append(Buffer.from(text)),
    );
    await file.sync();
    whole = true;
    const beside = contents > 0 ? ` and ${contents} contents of resources` : '';
    io.stdout.write(`${rows} rows${beside} written to ${out}\n`);
    return missing === 0 ? exitCodes.ok : exitCodes.bad;
  } finally {
    await file.close();
    if (!whole) await files.remove(out);
  }
}

/** Writes the tables, and the files that their rows name. */
async function exportAll(
  { files, io, dataDir }: Pick<Invocation, 'files' | 'io' | 'dataDir'>,
  { database }: OfflineData,
  write: (text: string) => Promise<void>,
): Promise<{ rows: number; contents: number; missing: number }> {
  const rows = await exportTables(database, write);
  let contents = 0;
  let missing = 0;
  for (const stored of contentOf(database)) {
    const content = await files.read(join(contentFolder(dataDir), stored.file));
    if (content) {
      contents += 1;
      await write(fileLine({ file: stored.file, content }));
    } else {
      missing += 1;
      io.stderr.write(`fleetbench data: left out, for its file is not there: ${describeContent(stored)}\n`);
    }
  }
  await write(endLine({ rows, files: contents }));
  return { rows, contents, missing };
}

async function importData({ files, folder, lock, io, source, dataDir }: Invocation): Promise<number> {
  if (source === undefined) throw new Refusal('say which file to import');
  const content = await files.read(source);
  if (!content) throw new Refusal(`there is no file ${source}`);
  await files.makeFolder(folder.root);
  await lock.acquire();
  try {
    const contents = contentFolder(dataDir);
    if ((await files.list(folder.store)).length + (await files.list(contents)).length > 0) {
      throw new Refusal(`${dataDir} holds data already; import needs an empty folder`);
    }
    const rows = await importInto({ files, dataDir }, contents, content);
    io.stdout.write(`${rows} rows imported into ${dataDir}\n`);
    return exitCodes.ok;
  } finally {
    await lock.release();
  }
}

async function importInto(
  { files, dataDir }: Pick<Invocation, 'files' | 'dataDir'>,
  contents: string,
  bytes: Uint8Array,
): Promise<number> {
  try {
    return await importTables(files, dataDir, bytes, async ({ file, content }) => {
      await files.makeFolder(contents);
      await files.writeWhole(join(contents, file), [content]);
    });
  } catch (error) {
    // All of it or nothing.
    await files.remove(contents);
    throw error;
  }
}

async function reset({ files, folder, dataDir, io, yes }: Invocation): Promise<number> {
  if (!yes) throw new Refusal(`reset deletes all data in ${dataDir}; say --yes to do it`);
  for (const name of await files.list(folder.store)) await files.remove(join(folder.store, name));
  await files.remove(contentFolder(dataDir));
  io.stdout.write(`All data in ${dataDir} was deleted.\n`);
  return exitCodes.ok;
}

/** Waits for a slow reader, so that a large export does not pile up in memory, and tells when there is none. */
function writeOut(output: TextOutput, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
