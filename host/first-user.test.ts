import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../core/platform/logger.ts';
import { FleetbenchProcess, freePorts } from '../core/testing/fleetbench-process.ts';
import { startHost } from './start-host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-user-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const post = (url: string, body: unknown, key?: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key !== undefined && { 'X-API-KEY': key }) },
    body: JSON.stringify(body),
  });

it('is shown once on the terminal; a window of the program sets the password anew without knowing it', async () => {
  await using first = new FleetbenchProcess(['serve', ...freePorts, '--data-dir', folder]);
  const [, login, password = ''] = await first.output(/\n {2}First user +(\S+) +password (\S+)\n/);
  const [, http] = await first.output(/\n {2}HTTP API +(\S+)/);
  expect(login).toBe('admin');
  expect(await (await post(`${http}/api/v0/auth`, { login, password })).json()).toMatchObject({
    admin: true,
  });
  const { stderr } = await first.signal('SIGTERM');
  expect(stderr).toBe('');

  await using second = new FleetbenchProcess(['serve', ...freePorts, '--data-dir', folder]);
  await second.output(/\n {2}Data /);
  const { stdout } = await second.signal('SIGTERM');
  expect(stdout).not.toContain('First user');
  expect(stdout).not.toContain(password);

  const ports = { http: 0, https: undefined, mqtt: undefined, mqtts: undefined };
  const program = await startHost({ dataDir: folder, host: '127.0.0.1', ports, logger: silentLogger });
  try {
    expect(program.newAdmin).toBeUndefined();
    const { key } = program.openSession();
    const users = `${program.endpoints.http}/api/v0/users`;
    const { data } = (await (await fetch(users, { headers: { 'X-API-KEY': key } })).json()) as {
      data: { id: string; login: string }[];
    };
    expect(data.map((user) => user.login)).toEqual(['admin']);
    const newPassword = 'Another-1-password';
    expect((await post(`${users}/${data[0]?.id}/password`, { newPassword }, key)).status).toBe(204);
    const auth = `${program.endpoints.http}/api/v0/auth`;
    expect((await post(auth, { login, password })).status).toBe(401);
    expect((await post(auth, { login, password: newPassword })).status).toBe(200);
  } finally {
    await program.stop();
  }
});

it('of the window is there in the run that makes it', async () => {
  const ports = { http: 0, https: undefined, mqtt: undefined, mqtts: undefined };
  const program = await startHost({ dataDir: undefined, host: '127.0.0.1', ports, logger: silentLogger });
  try {
    expect(program.newMasterKey).toMatch(/^[0-9a-f]{32}$/);
    const signedIn = await post(`${program.endpoints.http}/api/v0/auth`, program.newAdmin);
    expect(signedIn.status).toBe(200);
  } finally {
    await program.stop();
  }
});
