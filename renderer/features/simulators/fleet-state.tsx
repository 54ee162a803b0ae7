import type { FleetView, SimulatedDeviceView } from '../../../core/contract/simulators.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

type State = FleetView['state'] | SimulatedDeviceView['state'];

const tones: Readonly<Record<State, Tone>> = {
  running: 'ok',
  connected: 'ok',
  starting: 'warn',
  stopping: 'warn',
  connecting: 'warn',
  bootstrapping: 'warn',
  sleeping: 'quiet',
  restarting: 'warn',
  stopped: 'quiet',
  failed: 'bad',
  refused: 'bad',
  lost: 'bad',
  off: 'quiet',
};

/** The state of a fleet or of one of its devices. */
export function FleetState({ state }: { state: State }) {
  const t = useText('simulators');
  const shape = state === 'stopped' ? ({ shape: 'square' } as const) : {};
  return <StatusMark tone={tones[state]} {...shape} word={t(`state_${state}`)} />;
}
