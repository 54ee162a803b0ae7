import type { LoraFrame } from '../../../core/contract/lora/frames.ts';

export interface FrameFilter {
  readonly text?: string | undefined;
  readonly direction?: string | undefined;
  readonly kind?: string | undefined;
  readonly dropped?: boolean | undefined;
}

/** What was read and what came since, each once, newest first. */
export function joinFrames(read: readonly LoraFrame[], live: readonly LoraFrame[]): readonly LoraFrame[] {
  if (live.length === 0) return read;
  const byId = new Map([...read, ...live].map((frame) => [frame.id, frame]));
  return [...byId.values()].sort((one, other) => Number(other.id) - Number(one.id));
}

export function fits(frame: LoraFrame, { text, direction, kind, dropped }: FrameFilter): boolean {
  if (direction !== undefined && frame.direction !== direction) return false;
  if (kind !== undefined && kindOf(frame) !== kind) return false;
  if (dropped && frame.dropped === undefined) return false;
  return text === undefined || text === '' || textOf(frame).includes(text.toLowerCase());
}

/** Joins, payloads, MAC commands alone, and what is none of these. */
export function kindOf({ type = '', data }: LoraFrame): 'join' | 'data' | 'mac' | 'other' {
  if (type.startsWith('JOIN_')) return 'join';
  if (data === undefined) return 'other';
  return data.fPort === undefined || data.fPort === 0 ? 'mac' : 'data';
}

/** What a frame says, in a line. */
export function frameLine({ data, joinRequest, joinAccept, problem, raw }: LoraFrame): string {
  if (joinRequest) return `DevEUI ${joinRequest.devEui}, DevNonce ${joinRequest.devNonce}`;
  if (joinAccept) return `DevAddr ${joinAccept.devAddr}`;
  if (!data) return problem ?? raw;
  const parts = [
    ...(data.fPort === undefined || data.fPort === 0
      ? []
      : [`FPort ${data.fPort}: ${data.payload ?? data.frmPayload}`]),
    ...(data.fCtrl.ack ? ['ACK'] : []),
    ...data.commands.map(({ name }) => name),
  ];
  return parts.join(', ');
}

const texts = new WeakMap<LoraFrame, string>();

function textOf(frame: LoraFrame): string {
  let text = texts.get(frame);
  if (text === undefined) {
    text = JSON.stringify(frame).toLowerCase();
    texts.set(frame, text);
  }
  return text;
}
