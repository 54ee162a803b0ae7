import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ClockRequest, ClockView } from '../../../core/contract/clock.ts';
import { api } from '../../api/client.ts';
import { hearPlatformTime } from '../../format/platform-time.ts';

const url = '/bench/v1/clock';
const heard = (view: ClockView): ClockView => {
  hearPlatformTime(view);
  return view;
};

/** The platform's time as it last told it; asked again when the live socket tells of a change. */
export const useClock = () =>
  useQuery({ queryKey: ['clock'], queryFn: async () => heard(await api.get<ClockView>(url)) });

export type ClockChange = { readonly advance: string } | { readonly set: ClockRequest };

/** Moves the platform's time; whatever is shown may have changed by it. */
export function useClockChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: ClockChange) =>
      'advance' in change
        ? api.post<ClockView>(`${url}/advance`, { duration: change.advance })
        : api.put<ClockView>(url, change.set),
    onSuccess: async (view) => {
      queries.setQueryData(['clock'], heard(view));
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'clock' });
    },
  });
}
