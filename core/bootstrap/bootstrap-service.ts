import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { type BootstrapConfigSettings, BootstrapConfigs } from './bootstrap-configs.ts';
import { BootstrapEntries, type BootstrapEntrySettings } from './bootstrap-entries.ts';
import { type EntryImportSettings, EntryImports } from './entry-imports.ts';

/** What LwM2M clients are bootstrapped by (manual 7.7): configurations, and an entry for each client. */
export class BootstrapService {
  readonly configs: BootstrapConfigs;
  readonly entries: BootstrapEntries;
  readonly imports: EntryImports;

  constructor(parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: RandomSource;
    readonly bus: EventBus<PlatformEvents>;
    readonly settings: BootstrapConfigSettings & BootstrapEntrySettings & EntryImportSettings;
  }) {
    const changes = new Serial();
    this.configs = new BootstrapConfigs({
      ...parts,
      changes,
      usersOf: (config) => this.entries.usersOf(config),
    });
    this.entries = new BootstrapEntries({ ...parts, changes, configs: this.configs });
    this.imports = new EntryImports(this.entries, parts.settings);
  }

  async start(): Promise<void> {
    await this.configs.start();
    await this.entries.start();
  }
}
