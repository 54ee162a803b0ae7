import { useQuery } from '@tanstack/react-query';
import type { CaCertificateJson, CreateCaCertificateRequest } from '../../../core/contract/certificates.ts';
import { api } from '../../api/client.ts';

const url = '/api/v0/certificates/ca';

export const useCertificates = () =>
  useQuery({
    queryKey: ['certificates'],
    queryFn: async () => (await api.get<{ data: CaCertificateJson[] }>(url, { query: { size: 1000 } })).data,
  });

export const addCertificate = (request: CreateCaCertificateRequest): Promise<{ id: string }> =>
  api.post(url, request);
export const deleteCertificate = (id: string): Promise<void> =>
  api.delete(`${url}/${encodeURIComponent(id)}`);
