/** A command over LoRa as it is written. */
export interface LoraDraft {
  /** Hexadecimal digits, with spaces as people write them. */
  readonly data: string;
  readonly port: number | string;
}

export const emptyLoraDraft: LoraDraft = { data: '', port: 1 };

/** Ports of applications (LoRaWAN 1.0.3, 4.3.2). */
export const [leastPort, mostPort] = [1, 223];

const digitsOf = (data: string): string => data.replaceAll(/\s/g, '');

export const dataIsRight = ({ data }: LoraDraft): boolean => /^([0-9a-f]{2})+$/i.test(digitsOf(data));

export function loraDraftIsRight(draft: LoraDraft): boolean {
  const port = Number(draft.port);
  return dataIsRight(draft) && Number.isInteger(port) && port >= leastPort && port <= mostPort;
}

/** What the API is given as `request.value`. */
export const loraDraftValue = ({ data, port }: LoraDraft): { data: string; port: number } => ({
  data: digitsOf(data),
  port: Number(port),
});
