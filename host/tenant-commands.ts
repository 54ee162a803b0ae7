import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AccountsService } from '../core/accounts/accounts-service.ts';
import { UsersService } from '../core/accounts/users-service.ts';
import { EventBus } from '../core/bus/event-bus.ts';
import { checkInput } from '../core/contract/check-input.ts';
import { PlatformError } from '../core/contract/errors.ts';
import type { PlatformEvents } from '../core/contract/events.ts';
import { type NewTenant, type TenantJson, tenantName } from '../core/contract/tenants.ts';
import { silentLogger } from '../core/platform/logger.ts';
import type { Seams } from '../core/platform.ts';
import { defaultSettings } from '../core/settings.ts';
import { DataFolder } from '../core/store/data-folder.ts';
import { JournaledStore } from '../core/store/store.ts';
import type { CommandIo } from './data-commands.ts';
import { defaultDataDir } from './data-dir.ts';
import { machineSeams } from './seams.ts';

export const tenantUsage = `Usage: fleetbench tenant <command> [flags]

  create NAME     make a tenant; its master key and its first user's password are shown this once
  list            list all tenants

  --data-dir DIR  the data folder, when nothing runs on it (default: as for serve)
  --url URL       a running platform, for example http://127.0.0.1:8080
  --key KEY       with --url: the master key of its default tenant (default: FLEETBENCH_MASTER_KEY)
  --json          one line of JSON
`;

/** The command cannot be done as it was asked for. */
class Refusal extends Error {}

/** What the commands act on: a folder that nobody uses, or a platform that runs. */
interface Tenants {
  list(): Promise<TenantJson[]>;
  create(name: string): Promise<NewTenant>;
}

/**
 * Runs `fleetbench tenant …`.
 * @param argv what follows `tenant`.
 * @returns the exit code: 0 done, 2 refused with one line on stderr.
 */
export async function runTenantCommand(
  argv: readonly string[],
  io: CommandIo,
  seams: Seams = machineSeams(silentLogger),
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  try {
    const asked = parse(argv);
    if (!asked) {
      io.stdout.write(tenantUsage);
      return 0;
    }
    const { name, json, url } = asked;
    const act = async (tenants: Tenants): Promise<string> =>
      name === undefined ? showList(await tenants.list(), json) : showNew(await tenants.create(name), json);
    const dataDir = resolve(asked.dataDir ?? defaultDataDir(environment, process.platform));
    const key = asked.key ?? environment.FLEETBENCH_MASTER_KEY;
    io.stdout.write(
      url === undefined ? await onFolder(dataDir, seams, act) : await act(runningTenants(url, key)),
    );
    return 0;
  } catch (error) {
    const { code, details } = error as { code?: unknown; details?: string };
    if (!(error instanceof Refusal) && !(error instanceof PlatformError) && code === undefined) throw error;
    const hint =
      code === 'store.locked'
        ? 'Or ask the platform that runs on it: --url http://127.0.0.1:8080 --key MASTERKEY.'
        : '';
    const { message } = error as Error;
    const text = [...new Set([message, details, hint])].filter(Boolean).join(' ');
    io.stderr.write(`fleetbench tenant: ${text.replace(/\s*\n\s*/g, ' ')}\n`);
    return 2;
  }
}

function parse(argv: readonly string[]) {
  const [command, ...rest] = argv;
  if (command === undefined || command === 'help' || argv.includes('--help') || argv.includes('-h')) {
    return undefined;
  }
  if (command !== 'create' && command !== 'list') {
    throw new Refusal(`there is no command ${JSON.stringify(command)}; use create or list`);
  }
  const { values, positionals } = parseFlags(rest);
  const { 'data-dir': dataDir, url, key, json = false } = values;
  const name = positionals[0];
  if (positionals.length > (command === 'create' ? 1 : 0)) {
    throw new Refusal(`${command} does not take ${JSON.stringify(positionals.at(-1))}`);
  }
  if (command === 'create' && name === undefined)
    throw new Refusal('say the name: fleetbench tenant create NAME');
  if (dataDir !== undefined && url !== undefined) {
    throw new Refusal('--data-dir and --url exclude each other: give one of them');
  }
  if (key !== undefined && url === undefined) throw new Refusal('--key belongs to --url');
  const checked = name === undefined ? undefined : checkInput(tenantName, name);
  if (checked?.success === false) {
    throw new Refusal(`the name ${checked.error.issues[0]?.message ?? 'is not valid'}`);
  }
  return { name, dataDir, url, key, json };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'data-dir': { type: 'string' },
        url: { type: 'string' },
        key: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Refusal((error as Error).message.split('\n')[0]);
  }
}

/** Opens a folder that nobody uses, as the platform itself would. */
async function onFolder(
  dataDir: string,
  seams: Seams,
  act: (tenants: Tenants) => Promise<string>,
): Promise<string> {
  const folder = new DataFolder(seams.files, dataDir);
  if ((await seams.files.list(folder.store)).length === 0) {
    throw new Refusal(`there is no data of Fleetbench in ${dataDir}; start it once, or name another folder`);
  }
  const store = new JournaledStore({ ...seams, dataDir, settings: defaultSettings });
  await store.start();
  try {
    const { clock, wireClock, random, logger } = seams;
    const bus = new EventBus<PlatformEvents>();
    const accounts = new AccountsService({ store, clock, wireClock, random, bus, logger }, defaultSettings);
    const users = new UsersService({ store, clock, random, accounts }, defaultSettings);
    await accounts.start();
    try {
      await users.start();
      return await act({
        list: async () => accounts.tenantList(),
        create: (name) => users.createTenant(name),
      });
    } finally {
      await accounts.stop();
    }
  } finally {
    await store.stop();
  }
}

/** What a TLS client says of a certificate that no CA it knows has signed (`X509_V_ERR_…` of OpenSSL). */
const untrustedCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const trustHint =
  'use its http address, or save its CA (GET /bench/v1/ca.pem) and name the file in NODE_EXTRA_CA_CERTS';

/** Asks a platform that runs. */
function runningTenants(url: string, key: string | undefined): Tenants {
  if (key === undefined) throw new Refusal('--url needs --key, or FLEETBENCH_MASTER_KEY in the environment');
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new Refusal(`--url must be an address such as http://127.0.0.1:8080, got ${JSON.stringify(url)}`);
  }
  if (!/^[0-9a-f]{32}$/i.test(key)) throw new Refusal('the key must be 32 hexadecimal characters');
  const ask = async (method: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(new URL('/bench/v1/tenants', url), {
      method,
      headers: { 'X-API-Key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      const { message, code } = (error.cause ?? error) as NodeJS.ErrnoException;
      const hint = code !== undefined && untrustedCodes.has(code) ? `; ${trustHint}` : '';
      throw new Refusal(`${url} does not answer: ${message}${hint}`);
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    let said: { message?: string; details?: string } = {};
    try {
      said = JSON.parse(text);
    } catch {
      // Something else listens there.
    }
    const words = new Set([said.message ?? `${url} answered ${answer.status}.`, said.details]);
    throw new Refusal([...words].filter(Boolean).join(' '));
  };
  return {
    list: async () => (await ask('GET')) as TenantJson[],
    create: async (name) => (await ask('POST', { name })) as NewTenant,
  };
}

function showList(tenants: readonly TenantJson[], json: boolean): string {
  if (json) return `${JSON.stringify(tenants)}\n`;
  return tenants
    .map(({ id, name, creationTs }) => `${id}  ${new Date(creationTs).toISOString()}  ${name}\n`)
    .join('');
}

function showNew(made: NewTenant, json: boolean): string {
  if (json) return `${JSON.stringify(made)}\n`;
  const rows = [
    ['Tenant', `${made.name}  (${made.id})`],
    ['Master API key', made.masterKey],
    ['First user', `${made.admin.login}  password ${made.admin.password}`],
  ];
  const lines = rows.map(([name, text]) => `  ${(name ?? '').padEnd(20)} ${text}\n`).join('');
  return `${lines}  Note it down: it is kept as a hash only and shown this once.\n`;
}
