/**
 * Resolves when `holds` is true. It asks again after each turn of the event loop and never waits for time, so
 * it is for what other events of this process bring about.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
