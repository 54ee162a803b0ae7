import { useQuery } from '@tanstack/react-query';
import type {
  ChangePasswordRequest,
  CreateUserRequest,
  UpdateUserRequest,
  UserJson,
} from '../../../core/contract/users.ts';
import { askedAgainMs } from '../../api/asked-again.ts';
import { api } from '../../api/client.ts';
import { useSession } from '../../session/session-store.ts';

export const usersUrl = '/api/v0/users';
export const userUrl = (id: string): string => `${usersUrl}/${encodeURIComponent(id)}`;

export const useUsers = () =>
  useQuery({
    queryKey: ['users'],
    queryFn: async () => (await api.get<{ data: UserJson[] }>(usersUrl, { query: { size: 1000 } })).data,
    // Others change them too, and a lock ends by itself.
    refetchInterval: askedAgainMs,
  });

/** The user who is signed in. @param enabled it is one */
export const useMe = (enabled: boolean) =>
  useQuery({ queryKey: ['users', 'me'], queryFn: () => api.get<UserJson>('/api/v0/users/me'), enabled });

export const createUser = (user: CreateUserRequest): Promise<UserJson> => api.post(usersUrl, user);
export const updateUser = (id: string, change: UpdateUserRequest): Promise<UserJson> =>
  api.post(userUrl(id), change);
export const deleteUser = (id: string): Promise<void> => api.delete(userUrl(id));

/** A wrong old password is answered as a wrong key is, and must not end the session: so the key is named here. */
export async function changePassword(id: string, change: ChangePasswordRequest): Promise<void> {
  const { session } = useSession.getState();
  await api.post(`${userUrl(id)}/password`, change, session ? { key: session.key } : {});
}
