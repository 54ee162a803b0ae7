import { sqlBuilder } from './store/builder.ts';
import type { Statement, Store } from './store/types.ts';

/** Tables that a reset empties. Keys stay, so that clients need no new ones. */
const emptiedByReset = [
  'commands',
  'configurations',
  'messages',
  'series',
  'fifo_entries',
  'fifos',
  'action_policies',
  'audit_messages',
  'device_imports',
  'interfaces',
  'device_labels',
  'devices',
  'groups',
] as const;

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

  insertInstallation(value: string): Statement {
    return sqlBuilder.insertInto('meta').values({ key: installationKey, value }).compile();
  },
};
