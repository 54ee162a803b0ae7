/** What a role allows, and which profile of users has it (manual 4.4). */
export interface RoleFacts {
  /** Heading in the manual's table. */
  readonly name: string;
  readonly admin: boolean;
  readonly user: boolean;
  readonly allows: string;
}

const forBoth = { admin: true, user: true } as const;
const forAdmins = { admin: true, user: false } as const;

/**
 * Every role of an API key or user, with the profiles it belongs to (manual 4.4). `BOOTSTRAP_…` is not in that
 * table (facts 13); its profiles are as those of devices.
 */
export const roleTable = {
  API_KEY_R: { name: 'API key', ...forBoth, allows: 'Read API keys' },
  API_KEY_W: { name: 'API key', ...forBoth, allows: 'Make, change, switch off and delete API keys' },
  BOOTSTRAP_R: { name: 'Bootstrap', ...forBoth, allows: 'Read LwM2M bootstrap configurations' },
  BOOTSTRAP_W: { name: 'Bootstrap', ...forAdmins, allows: 'Make and change LwM2M bootstrap configurations' },
  BUS_CONFIG_R: { name: 'Bus config', ...forBoth, allows: 'Read FIFOs and action policies' },
  BUS_CONFIG_W: { name: 'Bus config', ...forAdmins, allows: 'Make and change FIFOs and action policies' },
  BUS_R: { name: 'Bus access', ...forBoth, allows: 'Take messages from FIFOs: an application on MQTT' },
  BUS_W: { name: 'Bus access', ...forBoth, allows: 'Publish to FIFOs' },
  CAMPAIGN_R: { name: 'Device campaign', ...forBoth, allows: 'Read campaigns' },
  CAMPAIGN_W: { name: 'Device campaign', ...forAdmins, allows: 'Make and change campaigns' },
  DATA_PROCESSING_R: { name: 'Data processing', ...forBoth, allows: 'Read event rules and decoders' },
  DATA_PROCESSING_W: {
    name: 'Data processing',
    ...forAdmins,
    allows: 'Make, change and switch off event rules and decoders',
  },
  DATA_R: { name: 'Data', ...forBoth, allows: 'Read stored data and search in it' },
  DATA_W: { name: 'Data', ...forAdmins, allows: 'Store data: a device that posts by HTTP' },
  DEVICE_R: { name: 'Device', ...forBoth, allows: 'Read devices' },
  DEVICE_W: {
    name: 'Device',
    ...forAdmins,
    allows: 'Make and change devices, send them commands, configuration and resources',
  },
  SETTINGS_R: { name: 'Settings', ...forBoth, allows: 'Read the settings of the tenant' },
  SETTINGS_W: { name: 'Settings', ...forBoth, allows: 'Change the settings of the tenant' },
  USER_R: { name: 'User', ...forBoth, allows: 'Read users' },
  USER_W: { name: 'User', ...forAdmins, allows: 'Make, change and switch off users' },
  LOGS_R: { name: 'Audit log', ...forBoth, allows: 'Read the audit log' },
  DEVICE_ACCESS: { name: 'Bus access', ...forBoth, allows: 'Connect to MQTT as a device, and nothing else' },
  CONNECTOR_ACCESS: {
    name: 'Bus access',
    ...forBoth,
    allows: 'Connect to MQTT as an external connector, and nothing else',
  },
} as const satisfies Record<string, RoleFacts>;

export type Role = keyof typeof roleTable;

/** The roles of an API key or user (manual 4.4, facts 13). */
export const roles = Object.keys(roleTable) as readonly Role[] as readonly [Role, ...Role[]];

/** The roles that come with a profile of the manual. */
export const profileRoles = {
  ADMIN: roles.filter((role) => roleTable[role].admin),
  USER: roles.filter((role) => roleTable[role].user),
} as const;

export type Profile = keyof typeof profileRoles;
