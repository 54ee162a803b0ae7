/** The roles of an API key or user (manual 4.4, facts 13). */
export const roles = [
  'API_KEY_R',
  'API_KEY_W',
  'BOOTSTRAP_R',
  'BOOTSTRAP_W',
  'BUS_CONFIG_R',
  'BUS_CONFIG_W',
  'BUS_R',
  'BUS_W',
  'CAMPAIGN_R',
  'CAMPAIGN_W',
  'DATA_PROCESSING_R',
  'DATA_PROCESSING_W',
  'DATA_R',
  'DATA_W',
  'DEVICE_R',
  'DEVICE_W',
  'SETTINGS_R',
  'SETTINGS_W',
  'USER_R',
  'USER_W',
  'LOGS_R',
  'DEVICE_ACCESS',
  'CONNECTOR_ACCESS',
] as const;

export type Role = (typeof roles)[number];
