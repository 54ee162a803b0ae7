import { useQuery } from '@tanstack/react-query';
import type { CreateResourceRequest, ResourceJson, VersionJson } from '../../../core/contract/resources.ts';
import { api } from '../../api/client.ts';
import { postWithProgress } from '../../api/post-with-progress.ts';

const url = '/api/v0/rm';
const resourceUrl = (id: string): string => `${url}/${encodeURIComponent(id)}`;
const versionsUrl = (id: string): string => `${resourceUrl(id)}/version`;
/** The platform keeps no more of either, unless it is set to. */
const all = { query: { size: 1000 } };

/** Where the repository shows a resource. */
export const resourceHref = (id: string): string => `/resources?resource=${encodeURIComponent(id)}`;

export const useRepository = () =>
  useQuery({
    queryKey: ['resources', 'repository'],
    queryFn: async () => (await api.get<{ data: ResourceJson[] }>(url, all)).data,
  });

/** Versions of a resource, the newest first. */
export const useVersions = (id: string | undefined) =>
  useQuery({
    queryKey: ['resources', 'versions', id],
    queryFn: async () => (await api.get<{ data: VersionJson[] }>(versionsUrl(id ?? ''), all)).data.reverse(),
    enabled: id !== undefined,
  });

export const createResource = (request: CreateResourceRequest): Promise<ResourceJson> =>
  api.post(url, request);

export const deleteResource = (id: string): Promise<void> => api.delete(resourceUrl(id));

export const deleteVersion = (id: string, version: string): Promise<void> =>
  api.delete(`${versionsUrl(id)}/${encodeURIComponent(version)}`);

export interface NewVersion {
  readonly resourceVersionId: string;
  readonly compatibleVersions: readonly string[];
  readonly file: File;
}

/** @param onSent told which part of the file has left, from 0 to 1 */
export async function uploadVersion(
  id: string,
  { file, ...version }: NewVersion,
  onSent: (part: number) => void,
): Promise<VersionJson> {
  const body = { ...version, file: await toBase64(file) };
  return postWithProgress<VersionJson>(versionsUrl(id), body, onSent);
}

/** The browser's own way, which is done by others than this thread. */
function toBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
