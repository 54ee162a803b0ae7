/** Asynchronous work that was begun and has not ended, for those who must wait until there is none. */
export class UnderWay {
  private readonly works = new Set<Promise<unknown>>();

  add(work: Promise<unknown>): void {
    this.works.add(work);
    const remove = (): void => void this.works.delete(work);
    work.then(remove, remove);
  }

  /**
   * Waits until all has ended, with what was begun meanwhile.
   * @returns false when there was nothing
   */
  async end(): Promise<boolean> {
    if (this.works.size === 0) return false;
    while (this.works.size > 0) await Promise.allSettled(this.works);
    return true;
  }
}
