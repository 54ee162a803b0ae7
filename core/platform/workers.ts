/** Worker threads as the platform sees them. */
export interface Workers {
  /** Starts the program `entry` (a file URL) in a thread of its own. */
  start(name: string, entry: URL): WorkerThread;
}

export interface WorkerThread {
  /** Sends a message; the buffers in `transfer` move to the other side and are empty here afterwards. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(receive: (message: unknown) => void): void;
  /** Called once when the thread has ended, with the error that ended it if there was one. */
  onEnd(ended: (error?: Error) => void): void;
  /** Ends the thread at once. */
  terminate(): Promise<void>;
}
