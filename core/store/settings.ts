/** Limits of the store. Bytes are bytes of transactions in their journal form. */
export interface StoreSettings {
  /** Not yet synced: above it, producers are asked to pause. */
  readonly unsyncedLimitBytes: number;
  /** Synced and not yet in the database: above it, producers are asked to pause. */
  readonly backlogLimitBytes: number;
  readonly backlogLimitStatements: number;
  /** Appends are refused above the limits times this factor. */
  readonly refusalFactor: number;
  /** Bytes that the database may take, with what waits for it; above it, only what frees space is taken. */
  readonly databaseLimitBytes: number;
  /** A group larger than this is closed even while another is being written. */
  readonly largestGroupBytes: number;
  /**
   * A new journal segment is begun at this size. Above `snapshotAfterBytes` it matters only while no snapshot
   * can be made: a start reads a segment in one piece.
   */
  readonly segmentLimitBytes: number;
  /** A snapshot is made when this much journal has come since the last one. */
  readonly snapshotAfterBytes: number;
}

export const defaultStoreSettings: StoreSettings = {
  unsyncedLimitBytes: 32 * 1024 * 1024,
  backlogLimitBytes: 64 * 1024 * 1024,
  backlogLimitStatements: 200_000,
  refusalFactor: 4,
  databaseLimitBytes: 1024 * 1024 * 1024,
  largestGroupBytes: 4 * 1024 * 1024,
  segmentLimitBytes: 128 * 1024 * 1024,
  snapshotAfterBytes: 64 * 1024 * 1024,
};
