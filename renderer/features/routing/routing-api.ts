import { useQuery } from '@tanstack/react-query';
import type {
  ActionPolicy,
  ActionPolicyInput,
  FifoActivity,
  FifoDeclaration,
  FifoDetails,
  FifoView,
} from '../../../core/contract/routing.ts';
import { api } from '../../api/client.ts';

export const policiesUrl = '/api/v1/event2action/actionPolicies';
export const fifosUrl = '/api/v0/topics/fifo';
const policyUrl = (id: string): string => `${policiesUrl}/${encodeURIComponent(id)}`;
const fifoUrl = (name: string): string => `${fifosUrl}/${encodeURIComponent(name)}`;

export const usePolicies = () =>
  useQuery({ queryKey: ['policies'], queryFn: () => api.get<ActionPolicy[]>(policiesUrl) });

export const createPolicy = (input: ActionPolicyInput): Promise<ActionPolicy> => api.post(policiesUrl, input);
export const replacePolicy = (id: string, input: ActionPolicyInput): Promise<ActionPolicy> =>
  api.put(policyUrl(id), input);
export const enablePolicy = (id: string, enabled: boolean): Promise<void> =>
  api.put(`${policyUrl(id)}/enabled`, enabled);
export const deletePolicy = (id: string): Promise<void> => api.delete(policyUrl(id));

export interface Fifo extends FifoDetails {
  readonly policies: readonly string[];
}

/** FIFOs with their sizes and the policies that feed them. */
export const useFifos = (options: { enabled?: boolean } = {}) =>
  useQuery({
    ...options,
    queryKey: ['fifos', 'list'],
    queryFn: async (): Promise<Fifo[]> => {
      const [details, views] = await Promise.all([
        api.get<{ data: FifoDetails[] }>(fifosUrl, { query: { size: 1000 } }),
        api.get<FifoView[]>('/api/v1/event2action/fifos'),
      ]);
      const linked = new Map(views.map(({ name, linkedActions }) => [name, linkedActions]));
      return details.data.map((fifo) => ({
        ...fifo,
        policies: (linked.get(fifo.name) ?? []).map(({ actionPolicyId }) => actionPolicyId),
      }));
    },
  });

export interface WaitingMessage {
  readonly bytes: number;
  readonly expires: string;
  readonly body: string;
}

const peeked = 200;

/** The oldest messages that wait in a FIFO. Nothing is taken out. */
export const useWaiting = (name: string) =>
  useQuery({
    queryKey: ['fifos', 'waiting', name],
    queryFn: () =>
      api.get<WaitingMessage[]>(`/bench/v1/fifos/${encodeURIComponent(name)}/messages`, {
        query: { limit: peeked },
      }),
  });

/** What came and went in a FIFO by second, and who takes it. */
export const useFifoActivity = (name: string) =>
  useQuery({
    queryKey: ['fifos', 'activity', name],
    queryFn: () => api.get<FifoActivity>(`/bench/v1/fifos/${encodeURIComponent(name)}/activity`),
    refetchInterval: 1000,
  });

/** Removes what waits; answers how many messages were lost by it. */
export const drainFifo = (name: string): Promise<{ removed: number }> =>
  api.delete(`/bench/v1/fifos/${encodeURIComponent(name)}/messages`);

export const declareFifo = (declaration: FifoDeclaration): Promise<FifoDetails> =>
  api.post(fifosUrl, declaration);
export const deleteFifo = (name: string): Promise<void> => api.delete(fifoUrl(name), { force: true });
export const publishToFifo = (name: string, body: unknown): Promise<void> => api.post(fifoUrl(name), body);
