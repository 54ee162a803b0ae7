import type { TargetCounts } from '../contract/campaigns.ts';
import { Serial } from '../platform/serial.ts';
import type { CampaignRecord } from './campaign-record.ts';
import type { CampaignRun } from './campaign-run.ts';
import { noTargets } from './target-state.ts';

/** A campaign in memory. */
export class Campaign {
  record: CampaignRecord;
  /** Changes of its record, one after the other. */
  readonly changes = new Serial();
  /** Undefined while it does not run. */
  run: CampaignRun | undefined;
  /** Counts of one that has ended. */
  private ended: TargetCounts = noTargets();

  constructor(record: CampaignRecord) {
    this.record = record;
  }

  get counts(): TargetCounts {
    return this.run?.counts ?? this.ended;
  }

  keepCounts(counts: TargetCounts): void {
    this.ended = counts;
  }
}
