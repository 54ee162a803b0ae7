import type { LoraNodeState, QueueReason } from '../../../contract/lora/state.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import { isoTime } from '../../../platform/clock.ts';
import type { LoraNode } from '../lora-node.ts';
import { profileOf } from '../profiles.ts';

/** A command that is not done. */
export interface OpenLoraCommand {
  readonly id: string;
  readonly status: LoraNodeState['queue'][number]['status'];
  readonly value: unknown;
  readonly ackMode: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

/**
 * The commands that wait for a device, each with what it waits for.
 * @param commands in the order in which they go out
 * @param isReached whether a gateway could send to it now
 */
export function queueOf(
  commands: readonly OpenLoraCommand[],
  via: DeviceInterface,
  node: LoraNode | undefined,
  isReached: boolean,
): LoraNodeState['queue'] {
  return commands.map((command, index) => {
    const { id, status, value, ackMode, createdMs, expiresMs } = command;
    const { port, data } = value as { port: number; data: string };
    const awaited = node?.awaited?.commandId === id ? node.awaited : undefined;
    const waitsFor =
      status !== 'PROCESSING'
        ? reasonOf(via, node, index > 0, isReached)
        : node?.sending && !awaited
          ? 'GATEWAY_ANSWER'
          : ackMode === 'NONE'
            ? 'GATEWAY_ANSWER'
            : 'ACKNOWLEDGEMENT';
    return {
      ...{ id, status, port, data, confirmed: ackMode !== 'NONE', waitsFor },
      ...{ created: isoTime(createdMs), expires: isoTime(expiresMs) },
      ...(awaited && { transmissions: awaited.transmissions }),
    };
  });
}

function reasonOf(
  via: DeviceInterface,
  node: LoraNode | undefined,
  isBehind: boolean,
  isReached: boolean,
): QueueReason {
  const profile = profileOf(via);
  if (!via.enabled) return 'DISABLED';
  if (!profile) return 'PROFILE';
  // Before the first uplink of a session nobody knows whether the device has it.
  if (node?.session?.fCntUp === undefined) return 'JOIN';
  if (isBehind || node.awaited || node.sending) return 'EARLIER';
  if (node.window) return 'WINDOW';
  if (profile.deviceClass === 'C' && !isReached) return 'GATEWAY';
  if (node.lastFailure?.byDutyCycle) return 'DUTY_CYCLE';
  return profile.deviceClass === 'C' ? 'WINDOW' : 'UPLINK';
}
