import type { DataMessage } from '../../api/data-message.ts';
import { firstPayload } from '../connect/snippets.ts';

/** Something to begin editing from: what the device said last, as it would say it again; else an example. */
export function firstPayloadOf(last: Pick<DataMessage, 'model' | 'value'> | undefined): string {
  const said = last === undefined ? JSON.parse(firstPayload) : { model: last.model, value: last.value };
  return JSON.stringify(said, null, 2);
}
