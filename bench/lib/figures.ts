/** What a figure has to reach. */
export interface Goal {
  readonly relation: 'at least' | 'at most';
  readonly value: number;
  /** True for what is no matter of speed: a miss is a defect of the product or of the benchmark. */
  readonly mustHold?: boolean;
}

/** One line of the result. */
export interface Figure {
  /** Its short name, as in the list of titles that it is printed with. */
  readonly scenario: string;
  readonly label: string;
  /** The median where there were several rounds. */
  readonly value: number;
  readonly unit: string;
  readonly lowest?: number | undefined;
  readonly highest?: number | undefined;
  readonly goal?: Goal | undefined;
}

/** In the order in which they run. */
export const scenarioTitles = {
  g: 'generator: its own limit, against a server that only answers',
  a: 'full load: 50 publishers x window 10, all messages stored and put into one FIFO',
  b: 'full load with an application that consumes the FIFO',
  c: 'full load compared with other brokers, which store nothing',
  d: 'fixed rates: delay from the intended moment of sending to the acknowledgement',
  e: 'connected devices that say nothing',
  f: 'start of the command-line program with 100,000 stored messages',
  i: 'import of 10,000 devices, rename of their group, and export',
  h: 'lists of devices out of 100,000, filtered in RSQL and sorted',
  k: 'commands to 1,000 devices that answer each',
  l: 'a campaign of one command over 10,000 devices that answer',
  m: 'CoAP: GET over plain UDP, beside libcoap and the npm package coap',
  n: 'DTLS with a pre-shared key: both ends in one process',
  o: 'LwM2M: registrations, stored before each is answered',
  p: 'LwM2M: confirmable notifications, stored as data messages before each is acknowledged',
  q: 'LwM2M: memory of 5,000 registered devices',
  r: 'LwM2M: READ operations of the twin over the API at a fixed rate',
  t: 'LoRa: uplinks that are proven, decrypted, put together from two gateways and stored',
  u: 'LoRa: memory of 5,000 simulated devices',
  v: 'SMS: messages of devices, stored before the centre has its answer',
  w: 'SMS: commands to devices, until their delivery receipts',
} as const;

export type ScenarioId = keyof typeof scenarioTitles;

export const atLeast = (value: number): Goal => ({ relation: 'at least', value });
export const atMost = (value: number): Goal => ({ relation: 'at most', value });
export const exactlyNone: Goal = { relation: 'at most', value: 0, mustHold: true };

export function isReached({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined;
  return goal.relation === 'at least' ? value >= goal.value : value <= goal.value;
}

/** A figure of several rounds: the median, with what was seen around it. */
export function ofRounds(
  about: Pick<Figure, 'scenario' | 'label' | 'unit'> & { goal?: Goal | undefined },
  values: readonly number[],
): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  return { ...about, value: median(sorted), lowest: sorted[0], highest: sorted.at(-1) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
