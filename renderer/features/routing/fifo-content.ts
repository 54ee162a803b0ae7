import { type DataMessage, isSimulated } from '../../api/data-message.ts';
import { summaryOf } from '../messages/message-row.ts';

/** What a line about a message in a FIFO shows. */
export interface FifoContent {
  /** Of what the platform put there itself: `dataMessage` and others. */
  readonly type: string;
  readonly device: string | undefined;
  /** Of a simulated device. */
  readonly simulated: boolean;
  /** The value in short, or the whole body of what is no data message. */
  readonly summary: string;
}

/** Reads the body of a message in a FIFO. An application may have published anything at all there. */
export function readContent(body: string): FifoContent {
  const plain = { type: '', device: undefined, simulated: false, summary: body };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return plain;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return plain;
  const { type, metadata, value, extra } = parsed as Partial<DataMessage> & { type?: unknown };
  if (typeof type !== 'string') return plain;
  const isValue = typeof value === 'object' && value !== null;
  const device = typeof metadata?.source === 'string' ? metadata.source : undefined;
  const simulated = isSimulated(extra);
  return { type, device, simulated, summary: type === 'dataMessage' && isValue ? summaryOf(value) : body };
}
