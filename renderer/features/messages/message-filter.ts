import type { UrlState } from '../../ui/use-url-state.ts';
import type { MessageRow } from './message-row.ts';

export const messageFilterNames = ['text', 'device', 'connector', 'stream', 'model', 'tag', 'show'] as const;
export type MessageFilters = Partial<Record<(typeof messageFilterNames)[number], string | undefined>>;

export const messageFiltersOf = (url: UrlState): MessageFilters =>
  Object.fromEntries(messageFilterNames.map((name) => [name, url[name]]));

export const hasFilters = (filters: MessageFilters): boolean =>
  messageFilterNames.some((name) => filters[name] !== undefined);

/** Whether a row is asked for. Every filter must agree; texts match anywhere and in any case. */
export function matches(row: MessageRow, filters: MessageFilters): boolean {
  const { text, device, connector, stream, model, tag, show } = filters;
  if (show === 'stored' && row.refused) return false;
  if (show === 'refused' && !row.refused) return false;
  if (connector !== undefined && row.connector !== connector) return false;
  if (device !== undefined && !holds(row.device ?? row.sender, device)) return false;
  if (stream !== undefined && !holds(row.stream, stream)) return false;
  if (model !== undefined && !holds(row.model, model)) return false;
  if (tag !== undefined && !row.tags.includes(tag)) return false;
  return text === undefined || anywhere(row, text);
}

function holds(field: string | undefined, part: string): boolean {
  return field?.toLowerCase().includes(part.toLowerCase()) ?? false;
}

function anywhere(row: MessageRow, text: string): boolean {
  if ([row.summary, row.device, row.sender, row.stream, row.key].some((field) => holds(field, text)))
    return true;
  return row.message !== undefined && holds(JSON.stringify(row.message.value), text);
}
