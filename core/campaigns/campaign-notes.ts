import type { AuditLog } from '../audit/audit-log.ts';
import type { OperationError, TargetCounts } from '../contract/campaigns.ts';
import type { CampaignRecord } from './campaign-record.ts';

/** What the audit log says of campaigns (facts 14). */
export class CampaignNotes {
  private readonly audit: AuditLog;

  constructor(audit: AuditLog) {
    this.audit = audit;
  }

  began(campaign: CampaignRecord, devices: number): void {
    this.note(campaign, 'info', `Campaign ${campaign.name} began`, `It has ${devices} devices.`);
  }

  ended(campaign: CampaignRecord, counts: TargetCounts): void {
    const level = campaign.status === 'SERVER_ERROR' ? 'error' : 'info';
    const what = campaign.error ?? `Devices by their status: ${describeCounts(counts)}.`;
    this.note(campaign, level, `Campaign ${campaign.name} ended as ${campaign.status}`, what);
  }

  full(campaign: CampaignRecord, deviceId: string, most: number): void {
    const what = `It has ${most} devices, which is the most (setting campaignMaxTargets).`;
    this.note(campaign, 'error', `A device cannot join campaign ${campaign.name}`, what, { deviceId });
  }

  deviceFailed(campaign: CampaignRecord, deviceId: string, error: OperationError): void {
    const { code, details, deviceCode } = error;
    const because = [code, ...(deviceCode === undefined ? [] : [`device code ${deviceCode}`]), details ?? ''];
    this.note(
      campaign,
      'error',
      `A device failed in campaign ${campaign.name}`,
      because.filter((part) => part !== '').join(': '),
      { deviceId, content: { ...error } },
    );
  }

  private note(
    { tenantId, id }: CampaignRecord,
    level: 'info' | 'error',
    description: string,
    detailedDescription: string,
    about: { deviceId?: string; content?: Record<string, unknown> } = {},
  ): void {
    this.audit.record(tenantId, {
      level,
      category: 'device_management',
      subcategory: 'campaigns',
      type: 'logs_info',
      description,
      detailedDescription,
      source: { campaignId: id, ...(about.deviceId !== undefined && { deviceId: about.deviceId }) },
      content: about.content ?? {},
    });
  }
}

function describeCounts(counts: TargetCounts): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? 'none' : some.map(([status, count]) => `${count} ${status}`).join(', ');
}
