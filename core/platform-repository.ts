import { sqlBuilder } from './store/builder.ts';
import type { Statement, Store } from './store/types.ts';

/** Tables that a reset empties. Keys stay, so that clients need no new ones. */
const emptiedByReset = [
  'campaign_targets',
  'campaigns',
  'commands',
  'configurations',
  'resource_updates',
  'device_resources',
  'resource_versions',
  'resources',
  'custom_models',
  'bootstrap_entries',
  'bootstrap_configs',
  'lora_nodes',
  'lora_gateways',
  'sms_parts',
  'sms_receipts',
  'messages',
  'series',
  'fifo_entries',
  'fifos',
  'action_policies',
  'audit_messages',
  'device_imports',
  'lwm2m_registrations',
  'twin_data_rules',
  'twin_observations',
  'twin_operations',
  'twin_values',
  'twins',
  'interfaces',
  'device_labels',
  'devices',
  'groups',
] as const;

/** An attempt ends, the next one begins, it is sent: each is written before the next. */
const writesInARow = 3;

const installationKey = 'installation';

/** SQL of what belongs to the platform as a whole. */
export const platformRepository = {
  emptyTables(): Statement[] {
    return emptiedByReset.map((table) => sqlBuilder.deleteFrom(table).compile());
  },

  /** What tells this data folder from others; undefined in a new one. */
  async loadInstallation(store: Store): Promise<string | undefined> {
    const [row] = await store.query<{ value: string }>(
      sqlBuilder.selectFrom('meta').select('value').where('key', '=', installationKey).compile(),
    );
    return row?.value;
  },

  /** Resolves when what was written so far, and what follows from that at once, is durable and readable. */
  async writesEnd(store: Store): Promise<void> {
    const query = sqlBuilder.selectFrom('meta').select('key').limit(1).compile();
    for (let write = 0; write < writesInARow; write++) await store.query(query);
  },

  insertInstallation(value: string): Statement {
    return sqlBuilder.insertInto('meta').values({ key: installationKey, value }).compile();
  },
};
