/**
 * Steps from an empty database to today's schema, in order, never changed once released. A step is written to
 * the journal like any transaction, so a replay meets each statement under the schema it was written for.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE tenants (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL)`,
    `CREATE TABLE api_keys (
       id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
       document TEXT NOT NULL, created INTEGER NOT NULL)`,
    `CREATE TABLE groups (
       id TEXT NOT NULL, tenant_id TEXT NOT NULL, parent_id TEXT, path_node TEXT NOT NULL, path TEXT NOT NULL,
       description TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL,
       PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, path))`,
    `CREATE TABLE devices (
       tenant_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT, description TEXT, default_stream_id TEXT NOT NULL,
       group_id TEXT NOT NULL, tags TEXT NOT NULL, properties TEXT NOT NULL, static_location TEXT,
       created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (tenant_id, id))`,
    `CREATE INDEX devices_by_group ON devices (tenant_id, group_id)`,
    `CREATE TABLE interfaces (
       tenant_id TEXT NOT NULL, connector TEXT NOT NULL, node_id TEXT NOT NULL, device_id TEXT NOT NULL,
       enabled INTEGER NOT NULL, status TEXT NOT NULL, definition TEXT NOT NULL, activity TEXT NOT NULL,
       capabilities TEXT NOT NULL, last_contact INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL,
       PRIMARY KEY (tenant_id, connector, node_id))`,
    `CREATE INDEX interfaces_by_device ON interfaces (tenant_id, device_id)`,
    `CREATE TABLE series (
       id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, stream_id TEXT NOT NULL, source TEXT NOT NULL)`,
    `CREATE UNIQUE INDEX series_by_stream ON series (tenant_id, stream_id, source)`,
    `CREATE INDEX series_by_source ON series (tenant_id, source)`,
    `CREATE TABLE messages (
       seq INTEGER PRIMARY KEY, series_id INTEGER NOT NULL, timestamp INTEGER NOT NULL,
       created INTEGER NOT NULL, body TEXT NOT NULL)`,
    `CREATE INDEX messages_by_series ON messages (series_id, timestamp)`,
    `CREATE TABLE fifos (
       id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, name TEXT NOT NULL, max_bytes INTEGER NOT NULL,
       ttl_s INTEGER NOT NULL, declared INTEGER NOT NULL, created INTEGER NOT NULL, UNIQUE (tenant_id, name))`,
    `CREATE TABLE fifo_entries (
       seq INTEGER PRIMARY KEY, fifo_id INTEGER NOT NULL, expires_at INTEGER NOT NULL, body TEXT NOT NULL)`,
    `CREATE TABLE action_policies (
       tenant_id TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL,
       PRIMARY KEY (tenant_id, id))`,
    `CREATE TABLE audit_messages (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, timestamp INTEGER NOT NULL, document TEXT NOT NULL)`,
    `CREATE INDEX audit_messages_by_time ON audit_messages (tenant_id, timestamp)`,
  ],
  [`ALTER TABLE interfaces ADD COLUMN debug TEXT`],
  [
    `CREATE TABLE ca_certificates (
       id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, fingerprint TEXT NOT NULL, certificate TEXT NOT NULL,
       comment TEXT, created INTEGER NOT NULL, UNIQUE (tenant_id, fingerprint))`,
  ],
  // Lists and searches of devices by what they are labelled with.
  [
    `ALTER TABLE devices ADD COLUMN activity_state TEXT NOT NULL DEFAULT 'NOT_MONITORED'`,
    `ALTER TABLE devices ADD COLUMN lat REAL`,
    `ALTER TABLE devices ADD COLUMN lon REAL`,
    `ALTER TABLE devices ADD COLUMN search_text TEXT NOT NULL DEFAULT ''`,
    `CREATE TABLE device_labels (
       tenant_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, device_id TEXT NOT NULL, number REAL,
       PRIMARY KEY (tenant_id, name, value, device_id)) WITHOUT ROWID`,
    `INSERT OR IGNORE INTO device_labels
       SELECT d.tenant_id, 'tag', j.value, d.id, NULL FROM devices d, json_each(d.tags) j`,
    `INSERT OR IGNORE INTO device_labels
       SELECT d.tenant_id, 'property.' || j.key, j.value, d.id,
         CASE WHEN json_valid(j.value) THEN
           CASE WHEN json_type(j.value) IN ('integer', 'real') THEN CAST(j.value AS REAL) END END
       FROM devices d, json_each(d.properties) j`,
    `UPDATE devices SET
       lat = json_extract(static_location, '$.lat'), lon = json_extract(static_location, '$.lon'),
       search_text = lower(id || char(10) || coalesce(name, '') || char(10) || coalesce(description, '') ||
         coalesce((SELECT group_concat(char(10) || l.value, '') FROM device_labels l
           WHERE l.tenant_id = devices.tenant_id AND l.device_id = devices.id), ''))`,
    `CREATE INDEX devices_by_name ON devices (tenant_id, coalesce(name, ''), id)`,
    `CREATE INDEX devices_by_creation ON devices (tenant_id, created, id)`,
    `CREATE INDEX devices_by_update ON devices (tenant_id, updated, id)`,
    `CREATE INDEX interfaces_by_state ON interfaces (tenant_id, status, connector, device_id)`,
  ],
  [
    `CREATE TABLE device_imports (
       tenant_id TEXT NOT NULL, id TEXT NOT NULL, started INTEGER NOT NULL, report TEXT NOT NULL,
       errors TEXT NOT NULL, PRIMARY KEY (tenant_id, id))`,
  ],
  [
    `CREATE TABLE users (
       id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, login TEXT NOT NULL UNIQUE, password TEXT NOT NULL,
       document TEXT NOT NULL, created INTEGER NOT NULL)`,
  ],
  [
    `CREATE TABLE commands (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, created INTEGER NOT NULL,
       status TEXT NOT NULL, done INTEGER NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL)`,
    `CREATE INDEX commands_by_device ON commands (tenant_id, device_id)`,
    `CREATE INDEX commands_to_do ON commands (seq) WHERE done = 0`,
  ],
  // Indexes that hold all that lists of devices filter and sort by, so that the rows need not be read.
  [
    `DROP INDEX devices_by_creation`,
    `DROP INDEX devices_by_update`,
    `DROP INDEX interfaces_by_state`,
    `CREATE INDEX devices_by_creation ON devices (tenant_id, created, coalesce(name, ''), id)`,
    `CREATE INDEX devices_by_update ON devices (tenant_id, updated, coalesce(name, ''), id)`,
    `CREATE INDEX interfaces_by_status ON interfaces (tenant_id, status, device_id)`,
    `CREATE INDEX interfaces_by_connector ON interfaces (tenant_id, connector, device_id)`,
  ],
  [
    `CREATE TABLE configurations (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, correlation INTEGER NOT NULL,
       open INTEGER NOT NULL, document TEXT NOT NULL)`,
    `CREATE INDEX configurations_by_device ON configurations (tenant_id, device_id)`,
    `CREATE INDEX configurations_to_do ON configurations (seq) WHERE open = 1`,
  ],
  [
    `CREATE TABLE campaigns (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, status TEXT NOT NULL, document TEXT NOT NULL)`,
    `CREATE TABLE campaign_targets (
       campaign INTEGER NOT NULL, number INTEGER NOT NULL, device_id TEXT NOT NULL, status TEXT NOT NULL,
       state TEXT NOT NULL, PRIMARY KEY (campaign, number)) WITHOUT ROWID`,
    `CREATE INDEX campaign_targets_by_status ON campaign_targets (campaign, status, number)`,
  ],
  [
    `CREATE TABLE resources (
       tenant_id TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL,
       updated INTEGER NOT NULL, PRIMARY KEY (tenant_id, id))`,
    `CREATE TABLE resource_versions (
       tenant_id TEXT NOT NULL, resource_id TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
       content TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
       PRIMARY KEY (tenant_id, resource_id, id))`,
    `CREATE TABLE device_resources (
       tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, resource_id TEXT NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (tenant_id, device_id, resource_id))`,
    `CREATE TABLE resource_updates (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, resource_id TEXT NOT NULL,
       created INTEGER NOT NULL, done INTEGER NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL)`,
    `CREATE INDEX resource_updates_by_device ON resource_updates (tenant_id, device_id)`,
    `CREATE INDEX resource_updates_to_do ON resource_updates (seq) WHERE done = 0`,
    `CREATE INDEX resource_updates_ended ON resource_updates (seq) WHERE done = 1`,
  ],
  // What lists of devices are sorted by of their interfaces, beside the device; and groups with what is in them, in order.
  [
    `ALTER TABLE devices ADD COLUMN last_contact INTEGER NOT NULL DEFAULT 0`,
    `ALTER TABLE devices ADD COLUMN interface_status TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE devices ADD COLUMN interface_enabled INTEGER NOT NULL DEFAULT 0`,
    `UPDATE devices SET (last_contact, interface_status, interface_enabled) = (
       SELECT coalesce(max(i.last_contact), 0), coalesce(min(i.status), ''), coalesce(max(i.enabled), 0)
       FROM interfaces i WHERE i.tenant_id = devices.tenant_id AND i.device_id = devices.id)`,
    `DROP INDEX devices_by_group`,
    `CREATE INDEX devices_by_group ON devices (tenant_id, group_id, coalesce(name, ''), id)`,
    `CREATE INDEX devices_by_contact ON devices (tenant_id, last_contact, coalesce(name, ''), id)`,
    `CREATE INDEX devices_by_status ON devices (tenant_id, interface_status, coalesce(name, ''), id)`,
    `CREATE INDEX devices_by_flag ON devices (tenant_id, interface_enabled, coalesce(name, ''), id)`,
    `CREATE INDEX interfaces_by_flag ON interfaces (tenant_id, enabled, device_id)`,
    `CREATE INDEX interfaces_by_node ON interfaces (node_id, tenant_id, connector, device_id)`,
  ],
  // A device that gets another id takes its place in campaigns along.
  [
    `ALTER TABLE campaign_targets ADD COLUMN tenant_id TEXT NOT NULL DEFAULT ''`,
    `UPDATE campaign_targets SET tenant_id = (SELECT c.tenant_id FROM campaigns c WHERE c.seq = campaign)`,
    `CREATE INDEX campaign_targets_by_device ON campaign_targets (tenant_id, device_id)`,
  ],
  // An entry of a FIFO that tells of a data message points to it: the text is stored and journaled once.
  [
    `ALTER TABLE fifo_entries RENAME TO fifo_entries_with_body`,
    `CREATE TABLE fifo_entries (
       seq INTEGER PRIMARY KEY, fifo_id INTEGER NOT NULL, expires_at INTEGER NOT NULL, message_seq INTEGER,
       body TEXT)`,
    `INSERT INTO fifo_entries (seq, fifo_id, expires_at, body)
       SELECT seq, fifo_id, expires_at, body FROM fifo_entries_with_body`,
    `DROP TABLE fifo_entries_with_body`,
    `CREATE INDEX fifo_entries_by_message ON fifo_entries (message_seq) WHERE body IS NULL`,
  ],
  [
    `CREATE TABLE bootstrap_configs (
       tenant_id TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL,
       updated INTEGER NOT NULL, PRIMARY KEY (tenant_id, id))`,
    `CREATE TABLE bootstrap_entries (
       tenant_id TEXT NOT NULL, endpoint_name TEXT NOT NULL, document TEXT NOT NULL, activity TEXT NOT NULL,
       created INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (tenant_id, endpoint_name))`,
  ],
  // Models of LwM2M objects that tenants imported.
  [
    `CREATE TABLE custom_models (
       tenant_id TEXT NOT NULL, object_id INTEGER NOT NULL, version TEXT NOT NULL, document TEXT NOT NULL,
       created INTEGER NOT NULL, PRIMARY KEY (tenant_id, object_id, version)) WITHOUT ROWID`,
  ],
  [
    `CREATE TABLE twins (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, document TEXT NOT NULL)`,
    `CREATE INDEX twins_by_device ON twins (tenant_id, device_id)`,
    `CREATE TABLE twin_values (
       twin INTEGER NOT NULL, object_id INTEGER NOT NULL, instance_id INTEGER NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (twin, object_id, instance_id)) WITHOUT ROWID`,
    `CREATE TABLE twin_operations (
       seq INTEGER PRIMARY KEY, id TEXT NOT NULL, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL,
       created INTEGER NOT NULL, status TEXT NOT NULL, done INTEGER NOT NULL, request TEXT NOT NULL,
       state TEXT NOT NULL)`,
    `CREATE INDEX twin_operations_by_device ON twin_operations (tenant_id, device_id)`,
    `CREATE INDEX twin_operations_to_do ON twin_operations (seq) WHERE done = 0`,
    `CREATE TABLE twin_observations (
       seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, device_id TEXT NOT NULL, document TEXT NOT NULL)`,
    `CREATE INDEX twin_observations_by_device ON twin_observations (tenant_id, device_id)`,
    `CREATE TABLE twin_data_rules (seq INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, document TEXT NOT NULL)`,
  ],
  // Registrations of LwM2M devices, which are good after a restart.
  [
    `CREATE TABLE lwm2m_registrations (
       tenant_id TEXT NOT NULL, node_id TEXT NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (tenant_id, node_id)) WITHOUT ROWID`,
  ],
  [
    `CREATE TABLE lora_gateways (
       id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL,
       updated INTEGER NOT NULL)`,
    `CREATE TABLE lora_nodes (
       tenant_id TEXT NOT NULL, node_id TEXT NOT NULL, joins TEXT NOT NULL, state TEXT NOT NULL,
       PRIMARY KEY (tenant_id, node_id)) WITHOUT ROWID`,
  ],
  // Parts of short messages that were acknowledged, and messages whose receipts may come after a restart.
  [
    `CREATE TABLE sms_parts (
       sender TEXT NOT NULL, receiver TEXT NOT NULL, reference INTEGER NOT NULL, total INTEGER NOT NULL,
       number INTEGER NOT NULL, data_coding INTEGER NOT NULL, header_bytes INTEGER NOT NULL, content TEXT NOT NULL,
       received INTEGER NOT NULL, PRIMARY KEY (sender, receiver, reference, total, number)) WITHOUT ROWID`,
    `CREATE TABLE sms_receipts (
       message_id TEXT PRIMARY KEY, correlation INTEGER NOT NULL, attempt INTEGER NOT NULL, total INTEGER NOT NULL,
       delivered INTEGER NOT NULL) WITHOUT ROWID`,
  ],
];
