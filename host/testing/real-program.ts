import { join } from 'node:path';
import type { EndpointsView } from '../../core/contract/bench.ts';
import { FleetbenchProcess, freePorts } from '../../core/testing/fleetbench-process.ts';

export const masterKey = '0123456789abcdef0123456789abcdef';

/** The program in a process of its own, and its API. */
export interface RealProgram {
  readonly program: FleetbenchProcess;
  readonly endpoints: EndpointsView;
  /** The body of the answer. @throws Error for what is not answered with 2xx */
  call<T = any>(method: string, path: string, body?: unknown): Promise<T>;
}

/**
 * Starts the bundled program, and resolves when everything listens. Dispose of its `program` at the end.
 * @param folder of the test, in which the data are
 */
export async function startRealProgram(folder: string, flags: readonly string[] = []): Promise<RealProgram> {
  const data = ['--data-dir', join(folder, 'data'), '--master-key', masterKey];
  const program = new FleetbenchProcess(['serve', '--json', ...freePorts, ...data, ...flags]);
  const { endpoints } = await program.ready();
  return {
    ...{ program, endpoints },
    call: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`${endpoints.http}${path}`, {
        method,
        headers: { 'X-API-KEY': masterKey, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
  };
}
