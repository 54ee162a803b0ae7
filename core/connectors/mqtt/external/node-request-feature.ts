import type { NodeFeature } from '../../../contract/external-connectors.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import { isObject, readDeviceJson } from '../read-device-json.ts';
import { problemOfNodeId } from './connector-topics.ts';

/**
 * One kind of request to nodes, with what connectors publish about it. Sessions know no more of commands,
 * configuration and resources than this.
 */
export interface NodeRequestFeature {
  readonly capability: NodeFeature;
  /** What connectors publish, by topic. */
  readonly publications: Readonly<Record<string, NodePublication>>;
  /** True when an unanswered request is to be asked anew once the connection it went over has ended. */
  readonly askedAnew: boolean;
  /** The node takes requests now. */
  ready(via: DeviceInterface): void;
  /** A session has begun to take requests, or has room again. */
  allReady(tenantId: string): void;
}

export interface NodePublication {
  /** For the audit log, when it is refused: `Answer to a command refused`. */
  readonly refusal: string;
  /** What it says of which node, or what is wrong with it. */
  read(payload: Uint8Array): NodeStatement | NodeProblem;
}

export interface NodeProblem {
  readonly problem: string;
  /** Undefined where it does not name a node as it must. */
  readonly nodeId: string | undefined;
}

export interface NodeStatement {
  readonly nodeId: string;
  /** @param done called when it is durable, so that it may be acknowledged; with an error when it was not stored */
  use(via: DeviceInterface, done: (error?: Error) => void): void;
}

/** A publication that names its node, and is read to what `use` takes, or to a text that says what is wrong with it. */
export function nodePublication<T>(
  { refusal, form }: { refusal: string; form: string },
  read: (raw: Record<string, unknown>) => { readonly said: T } | string,
  use: (via: DeviceInterface, said: T, done: (error?: Error) => void) => void,
): NodePublication {
  return {
    refusal,
    read: (payload) => {
      const raw = readDeviceJson(payload, form);
      if (typeof raw === 'string') return { problem: raw, nodeId: undefined };
      const problem = problemOfNodeId(raw.nodeId);
      if (problem !== undefined) return { problem: `nodeId ${problem}`, nodeId: undefined };
      const nodeId = raw.nodeId as string;
      const result = read(raw);
      if (typeof result === 'string') return { problem: result, nodeId };
      return { nodeId, use: (via, done) => use(via, result.said, done) };
    },
  };
}

/** The object in a field that may be left out; a text says that it is none. */
export function readOptionalObject(
  name: string,
  given: unknown,
): Record<string, unknown> | undefined | string {
  if (given === undefined || given === null) return undefined;
  return isObject(given) ? given : `${name} must be an object`;
}
