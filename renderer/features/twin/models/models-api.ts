import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ObjectDefinition, ObjectModelJson } from '../../../../core/contract/twin-models.ts';
import { api, toQueryString } from '../../../api/client.ts';

const definitionsUrl = '/api/v1/deviceMgt/twin/model/object-definitions';
const rootId = 'urn:oma:lwm2m';

/** An object definition without its attributes. */
export type ModelLine = NonNullable<ObjectDefinition['children']>[number];

const keys = { all: ['twin-models'] as const };

export const importUrl = (override: boolean): string =>
  `${definitionsUrl}${toQueryString({ inputFormat: 'lwm2m', override })}`;

/** All that there are, public and custom, by object id. */
export const useModels = () =>
  useQuery({
    queryKey: [...keys.all, 'list'],
    queryFn: async ({ signal }) =>
      (await api.get<ObjectDefinition>(`${definitionsUrl}/${rootId}`, { signal })).children ?? [],
    staleTime: 60_000,
  });

/** One with its resources. */
export const useModel = (id: string) =>
  useQuery({
    queryKey: [...keys.all, 'one', id],
    queryFn: ({ signal }) =>
      api.get<ObjectModelJson>(`/bench/v1/lwm2m/models/${encodeURIComponent(id)}`, { signal }),
    staleTime: 60_000,
  });

/** What devices are read by changes with the models. */
function useModelsChange<Argument, Answer>(change: (argument: Argument) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: keys.all }),
        queries.invalidateQueries({ queryKey: ['twin'] }),
      ]),
  });
}

export const useImportModel = () =>
  useModelsChange(({ file, override }: { file: File; override: boolean }) => {
    const form = new FormData();
    form.append('file', file);
    return api.post<ObjectDefinition>(importUrl(override), form);
  });

export const useDeleteModel = () =>
  useModelsChange((id: string) => api.delete(`${definitionsUrl}/${encodeURIComponent(id)}`));

/** The version that an id ends with; 1.0 where it has none. */
export const versionOf = (id: string): string => /:(\d+\.\d+)$/.exec(id)?.[1] ?? '1.0';
