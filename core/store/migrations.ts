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
];
