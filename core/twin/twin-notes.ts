import type { AuditLog } from '../audit/audit-log.ts';
import type { Device, DeviceInterface } from '../inventory/types.ts';
import type { Observation } from './lanes.ts';
import type { OperationRecord } from './operation-record.ts';

/** What goes wrong with twins, for the audit log (facts 14). */
export class TwinNotes {
  private readonly audit: AuditLog;

  constructor(audit: AuditLog) {
    this.audit = audit;
  }

  operationFailed({ tenantId, id: deviceId }: Device, { id, request, state }: OperationRecord): void {
    const { status, error } = state;
    const what = status === 'EXPIRED' ? 'expired' : 'failed';
    this.note(tenantId, { deviceId }, `Twin operation ${id} ${what}`, error?.details, {
      operationId: id,
      type: request.type,
      ...(error && { errorCode: error.code }),
    });
  }

  attemptFailed(
    { tenantId, id: deviceId }: Device,
    operationId: string,
    attempt: number,
    reason: string,
  ): void {
    const description = `Attempt ${attempt} of twin operation ${operationId} failed`;
    this.note(tenantId, { deviceId }, description, reason, { operationId, attempt });
  }

  observationFailed({ lane, id, paths }: Observation, reason: string): void {
    const { tenantId, id: deviceId } = lane.device;
    this.note(tenantId, { deviceId }, `Twin observation ${id} failed`, reason, {
      observationId: id,
      paths: paths.map(String),
    });
  }

  valuesNotKept(via: DeviceInterface, problems: readonly string[]): void {
    this.note(via.device.tenantId, sourceOf(via), 'Reported values were not kept', problems.join('; '));
  }

  messageRefused(via: DeviceInterface, reason: string, traceId: string): void {
    const description = 'Reported values did not become a data message';
    this.note(via.device.tenantId, sourceOf(via), description, reason, { traceId });
  }

  private note(
    tenantId: string,
    source: { readonly deviceId: string },
    description: string,
    detailedDescription?: string,
    content?: Readonly<Record<string, unknown>>,
  ): void {
    this.audit.record(tenantId, {
      level: 'error',
      category: 'device_management',
      subcategory: 'lwm2m',
      type: 'twin_report',
      description,
      ...(detailedDescription !== undefined && { detailedDescription }),
      source,
      ...(content && { content }),
    });
  }
}

const sourceOf = ({ device, connector, nodeId }: DeviceInterface) => ({
  deviceId: device.id,
  connector,
  nodeId,
});
