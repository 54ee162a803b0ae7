import { z } from 'zod';
import { type FleetTemplate, fleetTemplate } from '../../core/contract/simulators.ts';
import type { Files } from '../../core/platform/files.ts';
import type { Logger } from '../../core/platform/logger.ts';
import { Serial } from '../../core/platform/serial.ts';

/** A fleet as the user made it, without what it does now. */
export interface FleetDefinition {
  readonly id: string;
  readonly tenantId: string;
  readonly template: FleetTemplate;
}

const definition = z.object({ id: z.string(), tenantId: z.string(), template: fleetTemplate });
const content = z.object({ version: z.literal(1), fleets: z.array(definition) });

/** The definitions of all fleets in `simulators.json` of the data folder, which is written whole at each change. */
export class FleetFile {
  private readonly files: Files;
  private readonly path: string;
  private readonly logger: Logger;
  private readonly writes = new Serial();

  constructor(files: Files, dataDir: string, logger: Logger) {
    this.files = files;
    this.path = `${dataDir}/simulators.json`;
    this.logger = logger;
  }

  /** What is kept; a file that cannot be read is put aside, since a platform must start without its simulators. */
  async load(): Promise<FleetDefinition[]> {
    const bytes = await this.files.read(this.path);
    if (!bytes) return [];
    try {
      return content.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).fleets;
    } catch (error) {
      const aside = `${this.path}.damaged`;
      await this.files.rename(this.path, aside);
      this.logger.error(
        { path: aside, error },
        'the file of the simulated fleets is damaged and was put aside',
      );
      return [];
    }
  }

  /** @param fleets asked when it is this write's turn, so that the last one has the last state */
  save(fleets: () => readonly FleetDefinition[]): Promise<void> {
    return this.writes.run(() => {
      const kept = fleets().map(({ id, tenantId, template }) => ({ id, tenantId, template }));
      const text = `${JSON.stringify({ version: 1, fleets: kept }, null, 2)}\n`;
      return this.files.writeWhole(this.path, [Buffer.from(text)], 0o600);
    });
  }
}
