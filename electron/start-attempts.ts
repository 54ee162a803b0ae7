import type { ServeFlags } from '../host/flags.ts';
import type { StartFailure } from '../host/start-failure.ts';
import { type StartChoice, type StartQuestion, startQuestion } from './start-question.ts';

type Ports = ServeFlags['ports'];

export interface AttemptParts<Running> {
  /** Reads settings and flags anew at each attempt: a wrong setting may have been mended. */
  readonly readFlags: () => ServeFlags;
  readonly start: (flags: ServeFlags) => Promise<Running>;
  /** Undefined for a defect. */
  readonly explain: (error: unknown) => StartFailure | undefined;
  readonly ask: (question: StartQuestion) => Promise<StartChoice>;
  readonly repair: () => Promise<void>;
  readonly openDataFolder: () => Promise<void>;
}

/**
 * Starts, and asks the user what to do for as long as it fails.
 * @returns undefined when the user gives up
 * @throws what is not the user's to mend
 */
export async function startWithQuestions<Running>(
  parts: AttemptParts<Running>,
): Promise<Running | undefined> {
  const given: number[] = [];
  for (;;) {
    let failure: StartFailure | undefined;
    let dataDir: string | undefined;
    try {
      const flags = parts.readFlags();
      dataDir = flags.dataDir;
      return await parts.start({ ...flags, ports: freePorts(flags.ports, given) });
    } catch (error) {
      failure = parts.explain(error);
      if (failure === undefined) throw error;
    }
    const choice = await parts.ask(startQuestion(failure, dataDir));
    switch (choice) {
      case 'retry':
        break;
      case 'free-port':
        if (failure.port !== undefined) given.push(failure.port);
        break;
      case 'repair':
        await parts.repair();
        break;
      case 'open-data-folder':
        await parts.openDataFolder();
        break;
      case 'copy':
      case 'quit':
        return undefined;
    }
  }
}

/** The ports with any free one in the place of each that is taken. */
function freePorts(ports: Ports, taken: readonly number[]): Ports {
  const free = (port: number | undefined): number | undefined =>
    port !== undefined && taken.includes(port) ? 0 : port;
  return {
    http: free(ports.http),
    https: free(ports.https),
    mqtt: free(ports.mqtt),
    mqtts: free(ports.mqtts),
    coaps: free(ports.coaps),
    coap: free(ports.coap),
    bs: free(ports.bs),
    lora: free(ports.lora),
    smpp: free(ports.smpp),
  };
}
