import type { BootstrapConfigJson, BootstrapConfigRequest } from '../contract/bootstrap/configs.ts';
import { isoTime } from '../platform/clock.ts';

/** A bootstrap configuration (manual 7.7.1.1), as the platform keeps it. */
export interface BootstrapConfig extends Omit<BootstrapConfigRequest, 'id'> {
  readonly tenantId: string;
  readonly id: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

export function toConfigJson(config: BootstrapConfig): BootstrapConfigJson {
  const { id, name, description, runServers, createdMs, updatedMs } = config;
  return {
    ...{ id, name, ...(description !== undefined && { description }), runServers: [...runServers] },
    ...{ created: isoTime(createdMs), updated: isoTime(updatedMs) },
  };
}
