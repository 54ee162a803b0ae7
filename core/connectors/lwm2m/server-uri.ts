import type { EndpointsView } from '../../contract/bench.ts';

/**
 * Where clients find the platform's LwM2M server: where it really listens, under the host name that the setting gives.
 * @returns undefined while it does not listen
 */
export function lwm2mServerUri(
  endpoints: EndpointsView,
  { lwm2mPublicHost }: { readonly lwm2mPublicHost: string },
): string | undefined {
  const { coaps } = endpoints;
  if (coaps === undefined || lwm2mPublicHost === '') return coaps;
  const host = lwm2mPublicHost.includes(':') ? `[${lwm2mPublicHost}]` : lwm2mPublicHost;
  return `coaps://${host}:${new URL(coaps).port}`;
}
