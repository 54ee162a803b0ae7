import { messageSequence } from '../../../core/contract/message-id.ts';
import type { DataMessage } from '../../api/data-message.ts';

type Ordered = Pick<DataMessage, 'id' | 'timestamp'>;

/** The older first; of two with the same time, the one that arrived first. */
export function byTimestamp(a: Ordered, b: Ordered): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return (messageSequence(a.id) ?? 0) - (messageSequence(b.id) ?? 0);
}

/** The newest of messages in any order. */
export function newestOf<Message extends Ordered>(messages: readonly Message[]): Message | undefined {
  let found: Message | undefined;
  for (const message of messages) if (!found || byTimestamp(message, found) > 0) found = message;
  return found;
}
