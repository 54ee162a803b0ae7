import { type Role, roles } from '../../../core/contract/roles.ts';

/** What a role is about, without its `_R` or `_W`. */
export type RoleArea =
  | 'API_KEY'
  | 'BOOTSTRAP'
  | 'BUS_CONFIG'
  | 'BUS'
  | 'CAMPAIGN'
  | 'DATA_PROCESSING'
  | 'DATA'
  | 'DEVICE'
  | 'SETTINGS'
  | 'USER'
  | 'LOGS'
  | 'DEVICE_ACCESS'
  | 'CONNECTOR_ACCESS';

export interface RoleGroup {
  readonly area: RoleArea;
  readonly read: Role | undefined;
  readonly write: Role | undefined;
  /** A role that neither reads nor writes: it opens a door. */
  readonly single: Role | undefined;
}

/** Roles by what they are about, in the order of the roles themselves. */
export function groupRoles(): RoleGroup[] {
  const groups = new Map<string, { read?: Role; write?: Role; single?: Role }>();
  for (const role of roles) {
    const kind = role.endsWith('_R') ? 'read' : role.endsWith('_W') ? 'write' : 'single';
    const area = kind === 'single' ? role : role.slice(0, -2);
    groups.set(area, { ...groups.get(area), [kind]: role });
  }
  return [...groups].map(([area, { read, write, single }]) => ({
    area: area as RoleArea,
    read,
    write,
    single,
  }));
}

export const presets = {
  device: ['DEVICE_ACCESS'],
  connector: ['CONNECTOR_ACCESS'],
  application: ['BUS_R', 'BUS_CONFIG_R', 'DATA_R', 'DEVICE_R'],
  reader: roles.filter((role) => role.endsWith('_R')),
} as const satisfies Record<string, readonly Role[]>;
