import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { CommandJson, createCommandRequest } from '../../../core/contract/commands.ts';
import { api } from '../../api/client.ts';
import { devicePath } from '../devices/devices-api.ts';

export type NewCommand = z.input<typeof createCommandRequest>;

/** The newest ones; further back, the API is the better place. */
const commandsAsked = 50;
const commandPath = (id: string): string => `/api/v1/deviceMgt/commands/${encodeURIComponent(id)}`;

export const commandsUrl = (deviceId: string): string => `${devicePath(deviceId)}/commands`;

/** The newest commands of a device, asked for anew when the live socket tells of one. */
export const useDeviceCommands = (deviceId: string) =>
  useQuery({
    queryKey: ['commands', 'device', deviceId],
    queryFn: () => api.get<CommandJson[]>(commandsUrl(deviceId), { query: { limit: commandsAsked } }),
  });

/** One command, however old it is. */
export const useCommand = (id: string) =>
  useQuery({
    queryKey: ['commands', 'one', id],
    queryFn: ({ signal }) => api.get<CommandJson>(commandPath(id), { signal }),
  });

export function useCreateCommand(deviceId: string, onCreated: (command: CommandJson) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: NewCommand) => api.post<CommandJson>(commandsUrl(deviceId), command),
    onSuccess: async (command) => {
      await queries.invalidateQueries({ queryKey: ['commands', 'device', deviceId] });
      onCreated(command);
    },
  });
}

export function useCancelCommand(deviceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }) =>
      api.put(`${commandPath(id)}/status${force ? '?force=true' : ''}`, 'CANCELED'),
    onSettled: (_answer, _error, { id }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['commands', 'device', deviceId] }),
        queries.invalidateQueries({ queryKey: ['commands', 'one', id] }),
      ]),
  });
}
