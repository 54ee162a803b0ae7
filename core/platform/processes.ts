/** Which process we are, and whether another one still runs. */
export interface Processes {
  readonly current: ProcessIdentity;
  isRunning(identity: ProcessIdentity): Promise<boolean>;
}

export interface ProcessIdentity {
  readonly pid: number;
  /** What tells this process from a later one with the same pid; empty where the system does not say. */
  readonly startMark: string;
}
