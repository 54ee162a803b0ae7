import { type MessageFilter, messageMatcher } from '../../../core/contract/message-filter.ts';
import type { UrlState } from '../../ui/use-url-state.ts';
import type { MessageRow } from './message-row.ts';

export const messageFilterNames = ['text', 'device', 'connector', 'stream', 'model', 'tag', 'show'] as const;
export type MessageFilters = Partial<Record<(typeof messageFilterNames)[number], string | undefined>>;

export const messageFiltersOf = (url: UrlState): MessageFilters =>
  Object.fromEntries(messageFilterNames.map((name) => [name, url[name]]));

export const hasFilters = (filters: MessageFilters): boolean =>
  messageFilterNames.some((name) => filters[name] !== undefined);

/** What of the filters is asked of stored messages. */
export function storedFilter({ show: _, ...filters }: MessageFilters): MessageFilter {
  // A connector that there is not comes from an address that somebody wrote: the platform says so.
  return filters as MessageFilter;
}

/**
 * Whether a row is asked for. Every filter must agree; texts match anywhere and in any case. A stored message is judged
 * as the platform judges it when it looks for older ones.
 */
export function rowMatcher(filters: MessageFilters): (row: MessageRow) => boolean {
  const { show } = filters;
  const stored = messageMatcher(storedFilter(filters));
  return (row) => {
    if (row.message === undefined) return show !== 'stored' && refusedMatches(row, filters);
    return show !== 'refused' && stored(row.message);
  };
}

/** What was refused has no stream, model or tags. */
function refusedMatches(row: MessageRow, filters: MessageFilters): boolean {
  const { text, device, connector, stream, model, tag } = filters;
  if (stream !== undefined || model !== undefined || tag !== undefined) return false;
  if (connector !== undefined && row.connector !== connector) return false;
  if (device !== undefined && !holds(row.device ?? row.sender, device)) return false;
  return (
    text === undefined || [row.summary, row.device, row.sender, row.key].some((field) => holds(field, text))
  );
}

function holds(field: string | undefined, part: string): boolean {
  return field?.toLowerCase().includes(part.toLowerCase()) ?? false;
}
