import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { PortalSession } from '../../../core/contract/sessions.ts';
import type { NewTenant, TenantJson } from '../../../core/contract/tenants.ts';
import { api } from '../../api/client.ts';
import { useSession } from '../../session/session-store.ts';

const url = '/bench/v1/tenants';

/** @param enabled who is signed in runs the instance; others may not ask */
export const useTenants = (enabled: boolean) =>
  useQuery({ queryKey: ['tenants'], queryFn: () => api.get<TenantJson[]>(url), enabled });

export const createTenant = (name: string): Promise<NewTenant> => api.post(url, { name });

/** Opens a session in another tenant, and shows its dashboard: what the address names belongs to the one before. */
export function useTenantSwitch() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (id: string) =>
      api.post<PortalSession>(`${url}/${encodeURIComponent(id)}/sessions`, undefined),
    onSuccess: async (session) => {
      await navigate({ to: '/', search: {} } as never);
      useSession.getState().signIn(session);
    },
  });
}
