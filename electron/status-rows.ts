import type { EndpointsView, HealthView } from '../core/contract/bench.ts';

/** What the tray says: how it goes, and where clients connect. */
export function statusRows({ http, mqtt, mqtts }: EndpointsView, health: HealthView): string[] {
  const { connections } = health.mqtt;
  const clients = `${connections} MQTT ${connections === 1 ? 'client' : 'clients'}`;
  const trouble = health.store.failure ?? health.store.state;
  return [
    health.status === 'ok' ? `Running, ${clients}` : `The store does not work: ${trouble}`,
    ...[mqtt, mqtts, http].filter((address) => address !== undefined),
  ];
}
