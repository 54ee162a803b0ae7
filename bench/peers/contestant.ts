import type { Login } from '../lib/mqtt-packets.ts';
import type { Usage } from '../lib/usage.ts';

/** A server that takes MQTT publications. */
export interface Contestant {
  readonly name: string;
  readonly mqttPort: number;
  /** What devices log in with. */
  readonly deviceLogin: Login;
  /** Undefined where the system does not tell. */
  usage(): Promise<Usage | undefined>;
  /** Ends its process. */
  stop(): Promise<void>;
}
