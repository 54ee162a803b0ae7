/** Runs asynchronous work one after the other, in the order it was handed over. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work, work);
    // A failure is its caller's to handle; the next in line starts all the same.
    this.last = result.catch(() => {});
    return result;
  }
}
