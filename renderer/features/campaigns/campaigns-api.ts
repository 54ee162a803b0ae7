import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  CampaignJson,
  CampaignStatus,
  CampaignSummary,
  CampaignTargetJson,
  CreateCampaignRequest,
  TargetStatus,
  UpdateCampaignRequest,
} from '../../../core/contract/campaigns.ts';
import { api } from '../../api/client.ts';

export const campaignsUrl = '/api/v0/deviceMgt/campaigns';
export const campaignPath = (id: string): string => `${campaignsUrl}/${encodeURIComponent(id)}`;
/** Without lists of devices, which may be long; these answers are asked for again and again. */
const summariesUrl = '/bench/v1/campaigns';
export const campaignHref = (id: string): string => `/campaigns/${encodeURIComponent(id)}`;

export interface CampaignPage<Item> {
  readonly totalCount: number;
  readonly data: Item[];
}

/** Of a list of campaigns: what it is narrowed to, its order, and which page. */
export interface CampaignChoice {
  readonly status?: CampaignStatus | undefined;
  readonly sort?: string | undefined;
  readonly page: number;
}

/** Campaigns, or devices of one, of one call. */
export const campaignPageSize = 100;

export const useCampaigns = (choice: CampaignChoice) =>
  useQuery({
    queryKey: ['campaigns', 'list', choice],
    queryFn: ({ signal }) =>
      api.get<CampaignPage<CampaignSummary>>(summariesUrl, {
        query: { ...choice, size: campaignPageSize },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

export const useCampaign = (id: string) =>
  useQuery({
    queryKey: ['campaigns', 'one', id],
    queryFn: ({ signal }) =>
      api.get<CampaignSummary>(`${summariesUrl}/${encodeURIComponent(id)}`, { signal }),
  });

/** With the list of its devices, to change it. */
export const useWholeCampaign = (id: string) =>
  useQuery({
    queryKey: ['campaigns', 'whole', id],
    queryFn: ({ signal }) => api.get<CampaignJson>(campaignPath(id), { signal }),
  });

export const useTargets = (id: string, choice: { status: TargetStatus | undefined; page: number }) =>
  useQuery({
    queryKey: ['campaigns', 'targets', id, choice],
    queryFn: ({ signal }) =>
      api.get<CampaignPage<CampaignTargetJson>>(`${campaignPath(id)}/targets`, {
        query: { ...choice, size: campaignPageSize },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

/** Most devices whose times are read to draw how a campaign went: those of one call. */
export const mostForHistory = 1000;

/** All devices of a campaign as they are when its page is opened; of a large one, nothing is asked. */
export const useAllTargets = ({ id, numberOfTargets }: CampaignSummary) =>
  useQuery({
    // Not with the other campaigns: it is not asked again with each of their events.
    queryKey: ['campaignHistory', id],
    queryFn: async ({ signal }) => {
      const query = { size: mostForHistory };
      const path = `${campaignPath(id)}/targets`;
      return (await api.get<CampaignPage<CampaignTargetJson>>(path, { query, signal })).data;
    },
    enabled: numberOfTargets > 0 && numberOfTargets <= mostForHistory,
    staleTime: 0,
  });

export const createCampaign = (body: CreateCampaignRequest): Promise<CampaignJson> =>
  api.post(campaignsUrl, body);
export const changeCampaign = (id: string, body: UpdateCampaignRequest): Promise<CampaignJson> =>
  api.patch(campaignPath(id), body);
export const cancelCampaign = (id: string, force: boolean): Promise<CampaignJson> =>
  api.put(`${campaignPath(id)}/cancel${force ? '?force=true' : ''}`, undefined);
export const deleteCampaign = (id: string, force: boolean): Promise<void> =>
  api.delete(campaignPath(id), force ? { force: true } : {});
