import type { Engine } from './engine.ts';

const keptBytes = 1024 * 1024;

/** Room in SQLite's memory from which parameters are bound. What is put there stays until the next {@link take}. */
export class ParameterMemory {
  private readonly engine: Engine;
  private pointer = 0;
  private size = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Where there is room for so many bytes. */
  take(bytes: number): number {
    // Room that one large group needed is not kept for all the small ones.
    // And there is always some, for the address of an empty text must not be NULL, which would mean no text.
    if (this.size === 0 || bytes > this.size || this.size > keptBytes) {
      this.release();
      const size = Math.max(bytes, keptBytes);
      this.pointer = this.engine.allocate(size);
      this.size = size;
    }
    return this.pointer;
  }

  release(): void {
    if (this.size > 0) this.engine.free(this.pointer);
    this.size = 0;
  }
}
