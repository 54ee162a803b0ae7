import { type DeviceFilterField, fieldsOfFilter } from '../contract/device-filter-fields.ts';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import { type Resolved, resolveRsql } from '../contract/rsql/resolve.ts';
import { deviceFieldsOf } from '../inventory/device-fields.ts';
import type { Device } from '../inventory/types.ts';
import { evaluateRsql } from '../rsql/evaluate.ts';
import type { RsqlField } from '../rsql/field.ts';

/**
 * What may make a device fit a filter: anything of it has changed, the state of its interfaces alone, only when it was
 * heard of, or where its group is.
 */
export type DeviceChange = 'device' | 'interfaces' | 'contact' | 'groups';

/** Fields that tell something else after a change. */
const fieldsOfChange: Readonly<Record<Exclude<DeviceChange, 'device'>, readonly DeviceFilterField[]>> = {
  interfaces: [
    'connector',
    'interfaces.nodeId',
    'interfaces.status',
    'interfaces.enabled',
    'interfaces.lastContact',
  ],
  contact: ['interfaces.lastContact'],
  groups: ['groupPath'],
};

/** The devices that belong to a campaign by what they are. */
export class EligibleDevices {
  private readonly filter: Resolved<RsqlField<Device>>;
  private readonly fields: ReadonlySet<DeviceFilterField>;

  constructor(tenantId: string, filter: RsqlExpression) {
    this.filter = resolveRsql(filter, deviceFieldsOf(tenantId));
    this.fields = fieldsOfFilter(filter);
  }

  has(device: Device): boolean {
    return evaluateRsql(this.filter, device);
  }

  /** True when such a change may make a device one of them. */
  mind(change: DeviceChange): boolean {
    return change === 'device' || fieldsOfChange[change].some((field) => this.fields.has(field));
  }
}
