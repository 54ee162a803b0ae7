import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { devicePath } from '../devices/devices-api.ts';

/** Calls under way at a time: enough to be quick, and few enough for everybody else. */
const atATime = 4;

export interface MoveProgress {
  readonly done: number;
  readonly total: number;
  /** By device, why it stayed where it was. */
  readonly failures: readonly { readonly id: string; readonly reason: string }[];
}

/** Puts devices into a group, one call each; says how far it is, and which ones stayed where they were. */
export function useMoveDevices() {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<MoveProgress>();
  const move = useMutation({
    mutationFn: async ({ ids, groupId }: { ids: readonly string[]; groupId: string }) => {
      const left = [...ids];
      const failures: { id: string; reason: string }[] = [];
      let done = 0;
      const tell = () => setProgress({ done, total: ids.length, failures: [...failures] });
      tell();
      const work = async (): Promise<void> => {
        for (let id = left.shift(); id !== undefined; id = left.shift()) {
          try {
            await api.patch(devicePath(id), { group: { id: groupId } });
          } catch (error) {
            failures.push({ id, reason: error instanceof Error ? error.message : String(error) });
          }
          done++;
          tell();
        }
      };
      await Promise.all(Array.from({ length: atATime }, work));
    },
    onSettled: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['devices'] }),
        queries.invalidateQueries({ queryKey: ['groups'] }),
      ]);
    },
  });
  return { progress, move: move.mutateAsync, isMoving: move.isPending, forget: () => setProgress(undefined) };
}
