import { PlatformError } from '../contract/errors.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type { TwinDataRuleJson, TwinDataRuleRequest } from '../contract/twin.ts';
import { MessageIds } from '../data/message-id.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import { Serial } from '../platform/serial.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { Store } from '../store/types.ts';
import { type DataRuleRecord, dataRuleRepository } from './data-rule-repository.ts';

export interface DataRuleSettings {
  readonly twinDataRuleMaxPerTenant: number;
  readonly twinDataRuleMaxPaths: number;
}

interface Rule extends DataRuleRecord {
  readonly paths: readonly Lwm2mPath[];
}

/** Which reported values become data messages (manual 7.8.9). */
export class DataRules {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly settings: DataRuleSettings;
  };
  /** Limits count what is there, so changes come one after the other. */
  private readonly changes = new Serial();
  private readonly rules = new Map<string, readonly Rule[]>();
  private ids = new MessageIds('0000');
  private nextSeq = 1;

  constructor(parts: DataRules['parts']) {
    this.parts = parts;
  }

  /** @param installation as for {@link MessageIds} */
  async start(installation: string): Promise<void> {
    this.ids = new MessageIds(installation);
    this.rules.clear();
    const all = await dataRuleRepository.loadAll(this.parts.store);
    for (const record of all) this.set(record.tenantId, [...this.of(record.tenantId), ruleOf(record)]);
    this.nextSeq = (await dataRuleRepository.lastSeq(this.parts.store)) + 1;
  }

  /** The oldest first. */
  list(tenantId: string): TwinDataRuleJson[] {
    return this.of(tenantId).map(toJson);
  }

  /** @throws PlatformError `twin.dataRuleNotFound` */
  get(tenantId: string, id: string): TwinDataRuleJson {
    return toJson(this.find(tenantId, id));
  }

  /** @throws PlatformError `twin.dataRuleLimit`, `api.invalidParameter` */
  create(tenantId: string, request: TwinDataRuleRequest): Promise<TwinDataRuleJson> {
    return this.changes.run(async () => {
      const { store, clock, settings } = this.parts;
      this.checkPaths(request);
      const most = settings.twinDataRuleMaxPerTenant;
      if (this.of(tenantId).length >= most) {
        throw new PlatformError('twin.dataRuleLimit', 'There are as many data rules as there may be.', {
          details: `The most is ${most} (setting twinDataRuleMaxPerTenant). Change the one there is, or delete it.`,
        });
      }
      const seq = this.nextSeq++;
      const createdMs = clock.now();
      const record = { seq, tenantId, id: this.ids.format(seq, createdMs), request, createdMs };
      await store.commit([dataRuleRepository.put(record)]);
      this.set(tenantId, [...this.of(tenantId), ruleOf(record)]);
      return toJson(record);
    });
  }

  /** @throws PlatformError `twin.dataRuleNotFound`, `api.invalidParameter` */
  update(tenantId: string, id: string, request: TwinDataRuleRequest): Promise<TwinDataRuleJson> {
    return this.changes.run(async () => {
      this.checkPaths(request);
      const { paths: _paths, ...record } = { ...this.find(tenantId, id), request };
      await this.parts.store.commit([dataRuleRepository.put(record)]);
      const replaced = this.of(tenantId).map((rule) => (rule.id === id ? ruleOf(record) : rule));
      this.set(tenantId, replaced);
      return toJson(record);
    });
  }

  /** @throws PlatformError `twin.dataRuleNotFound` */
  delete(tenantId: string, id: string): Promise<void> {
    return this.changes.run(async () => {
      const { seq } = this.find(tenantId, id);
      await this.parts.store.commit([dataRuleRepository.delete(seq)]);
      this.set(
        tenantId,
        this.of(tenantId).filter((rule) => rule.id !== id),
      );
    });
  }

  /** Those of the values that a rule passes on. */
  matching(tenantId: string, records: readonly ResourceRecord[]): readonly ResourceRecord[] {
    const rules = this.of(tenantId);
    if (rules.length === 0) return [];
    return records.filter(({ path }) =>
      rules.some(({ paths }) => paths.some((wanted) => path.startsWith(wanted))),
    );
  }

  /** Names of the rules of a tenant, for traces. */
  namesOf(tenantId: string): string {
    return this.of(tenantId)
      .map(({ id, request }) => request.name ?? id)
      .join(', ');
  }

  private checkPaths({ paths }: TwinDataRuleRequest): void {
    requireAtMost(this.parts.settings, 'twinDataRuleMaxPaths', paths.length, 'body.paths', 'paths');
  }

  private of(tenantId: string): readonly Rule[] {
    return this.rules.get(tenantId) ?? [];
  }

  private set(tenantId: string, rules: readonly Rule[]): void {
    this.rules.set(tenantId, rules);
  }

  private find(tenantId: string, id: string): Rule {
    const found = this.of(tenantId).find((rule) => rule.id === id);
    if (found) return found;
    throw new PlatformError('twin.dataRuleNotFound', 'There is no such data rule.', { details: id });
  }
}

const ruleOf = (record: DataRuleRecord): Rule => ({
  ...record,
  paths: record.request.paths.map((path) => Lwm2mPath.parse(path)),
});

function toJson({ id, request, createdMs }: DataRuleRecord): TwinDataRuleJson {
  const { name, type, paths } = request;
  return { id, ...(name != null && { name }), type, paths, created: isoTime(createdMs) };
}
