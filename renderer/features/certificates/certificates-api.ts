import { useQuery } from '@tanstack/react-query';
import type { CaCertificateJson, CreateCaCertificateRequest } from '../../../core/contract/certificates.ts';
import { askedAgainMs } from '../../api/asked-again.ts';
import { api } from '../../api/client.ts';

export const certificatesUrl = '/api/v0/certificates/ca';

export const useCertificates = () =>
  useQuery({
    queryKey: ['certificates'],
    queryFn: async () =>
      (await api.get<{ data: CaCertificateJson[] }>(certificatesUrl, { query: { size: 1000 } })).data,
    refetchInterval: askedAgainMs,
  });

export const addCertificate = (request: CreateCaCertificateRequest): Promise<{ id: string }> =>
  api.post(certificatesUrl, request);
export const deleteCertificate = (id: string): Promise<void> =>
  api.delete(`${certificatesUrl}/${encodeURIComponent(id)}`);
