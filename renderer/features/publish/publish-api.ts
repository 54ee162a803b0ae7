import type { TraceView } from '../../../core/contract/trace.ts';
import { createKey, deleteKey } from '../access/keys-api.ts';
import { latestTraces } from '../messages/messages-api.ts';
import { sendOnce } from '../simulators/simulators-api.ts';
import { publishAsDevice } from './mqtt-publish.ts';

/** The key of one publication ends by itself when the page is closed before it could be deleted. */
const unusedKeyMs = 60_000;

export interface Publication {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: string;
  /** A key to connect with; without one, a key is made for this publication and deleted after it. */
  readonly key: string | undefined;
  /** The simulated device that has a connection open already. */
  readonly simulated: { readonly fleetId: string; readonly number: number } | undefined;
  /** True when the trace of what was published may be looked at. */
  readonly traced: boolean;
}

export interface Published {
  /** What became of it; undefined when no trace is kept, or it may not be seen. */
  readonly trace: TraceView | undefined;
}

/** Traces looked at for that of a publication: a device that sends by itself may have sent more meanwhile. */
const tracesAsked = 50;

/** Publishes as the device, and finds what became of it. */
export async function publishOnce(publication: Publication): Promise<Published> {
  const { clientId, topic, payload, simulated, traced } = publication;
  const [last] = traced ? await latestTraces(clientId, 1) : [];
  if (simulated) await sendOnce(simulated.fleetId, simulated.number, { topic, payload });
  else await withKey(publication.key, (key) => publishAsDevice({ clientId, key, topic, payload }));
  if (!traced) return { trace: undefined };
  return { trace: traceOf(await latestTraces(clientId, tracesAsked), last?.traceId, topic, payload) };
}

/** The trace of a publication among the newest of its device. @param before newest trace from before it */
export function traceOf(
  newest: readonly TraceView[],
  before: string | undefined,
  topic: string,
  payload: string,
): TraceView | undefined {
  const known = newest.findIndex(({ traceId }) => traceId === before);
  const since = known < 0 ? newest : newest.slice(0, known);
  return since.findLast(
    ({ target, payload: kept }) =>
      target === topic && (kept.truncated ? payload.startsWith(kept.text) : payload === kept.text),
  );
}

async function withKey(given: string | undefined, use: (key: string) => Promise<void>): Promise<void> {
  if (given !== undefined) return use(given);
  const { id, value } = await createKey({
    label: 'publish as device',
    description: 'Of one publication in the portal; deleted after it',
    roles: ['DEVICE_ACCESS'],
    sessionTtl: unusedKeyMs,
  });
  try {
    await use(value ?? '');
  } finally {
    await deleteKey(id);
  }
}
