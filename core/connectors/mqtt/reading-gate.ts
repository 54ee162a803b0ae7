import type { Readable } from 'node:stream';

/** Something that is congested at times, and tells when that is over. */
export interface Congestible {
  readonly congested: boolean;
  onRelief(run: () => void): void;
}

/** Stops reading from a client while too much waits, here or in the platform, and goes on when it has eased. */
export class ReadingGate {
  private readonly stream: Readable;
  private readonly platform: Congestible;
  private readonly isFull: () => boolean;
  private readonly isOver: () => boolean;
  private waitingForRelief = false;

  constructor(parts: {
    stream: Readable;
    platform: Congestible;
    /** True while the connection itself has enough to do. */
    isFull: () => boolean;
    /** True when nothing is to be read any more. */
    isOver: () => boolean;
  }) {
    this.stream = parts.stream;
    this.platform = parts.platform;
    this.isFull = parts.isFull;
    this.isOver = parts.isOver;
  }

  /** Call it whenever one of the reasons may have come or gone. */
  steer(): void {
    const full = this.isFull();
    if (this.platform.congested && !this.waitingForRelief) {
      this.waitingForRelief = true;
      this.platform.onRelief(() => {
        this.waitingForRelief = false;
        this.steer();
      });
    }
    if (full || this.waitingForRelief) this.stream.pause();
    else if (this.stream.isPaused() && !this.isOver()) this.stream.resume();
  }
}
