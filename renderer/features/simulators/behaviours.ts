import { obedient } from '../../../core/contract/responders.ts';
import type { MqttFleetInput } from '../../../core/contract/simulators.ts';

type Responders = NonNullable<MqttFleetInput['responders']>;

const lateMs = 90_000;

/** Ready ways to behave, to take as they are or to go on from. */
export const behaviours = {
  obedient: [...obedient],
  failing: [
    { kind: 'command', outcome: 'error' },
    { kind: 'configuration', outcome: 'refuse' },
    { kind: 'resource', outcome: 'fail' },
  ],
  late: [
    { kind: 'command', delayMs: lateMs },
    { kind: 'configuration', delayMs: lateMs },
    { kind: 'resource', delayMs: lateMs },
  ],
  twice: [{ kind: 'command', outcome: 'duplicate' }, { kind: 'configuration' }, { kind: 'resource' }],
  silent: [],
  moody: [
    { kind: 'command', outcome: 'never', share: 0.05 },
    { kind: 'command', outcome: 'error', share: 0.1 },
    { kind: 'command', delayMs: 200, spreadMs: 2000 },
    { kind: 'configuration', outcome: 'refuse', share: 0.1 },
    { kind: 'configuration', spreadMs: 2000 },
    { kind: 'resource', outcome: 'NOT_AUTHORIZED', share: 0.1 },
    { kind: 'resource', bytesPerS: 20_000, installMs: 10_000 },
  ],
} as const satisfies Record<string, Responders>;

export type Behaviour = keyof typeof behaviours;
export const behaviourNames = Object.keys(behaviours) as readonly Behaviour[];
