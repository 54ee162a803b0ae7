import { useQuery } from '@tanstack/react-query';
import type { Identity } from '../../core/contract/identity.ts';
import type { Role } from '../../core/contract/roles.ts';
import { api } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';

/** Who is signed in, and what is allowed. */
export const useIdentity = () =>
  useQuery({
    queryKey: ['identity'],
    queryFn: () => api.get<Identity>('/bench/v1/identity'),
    staleTime: 60_000,
  });

/**
 * Why an action that needs this role is not open to who is signed in, for the action to show; undefined when it is
 * open, or not known yet, or no role is needed.
 */
export function useLack(role: Role | undefined): string | undefined {
  const t = useText('common');
  const { data } = useIdentity();
  return role === undefined || !data || data.roles.includes(role) ? undefined : t('lacksRole', { role });
}
