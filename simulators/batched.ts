/** Collects what is handed to it in one go of the program, and hands it on together: a message between threads costs more than a few of its parts. */
export function batched<Item>(send: (items: readonly Item[]) => void): (item: Item) => void {
  let waiting: Item[] | undefined;
  return (item) => {
    if (waiting) {
      waiting.push(item);
      return;
    }
    waiting = [item];
    queueMicrotask(() => {
      const items = waiting ?? [];
      waiting = undefined;
      send(items);
    });
  };
}
