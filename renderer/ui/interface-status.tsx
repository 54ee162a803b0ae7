import type { InterfaceStatus } from '../../core/contract/connectors.ts';
import { useText } from '../i18n/use-text.ts';
import { StatusMark, type Tone } from './status-mark.tsx';

const tones: Readonly<Record<InterfaceStatus | 'none', Tone>> = {
  ONLINE: 'ok',
  REACTIVATED: 'ok',
  ACTIVATED: 'ok',
  INITIALIZING: 'warn',
  INITIALIZED: 'warn',
  SLEEPING: 'quiet',
  REGISTERED: 'quiet',
  OFFLINE: 'quiet',
  DEACTIVATED: 'quiet',
  CONNECTIVITY_ERROR: 'bad',
  none: 'quiet',
};

const squares: readonly string[] = ['OFFLINE', 'DEACTIVATED'];

/** The state of an interface, or of a device by its interfaces. */
export function InterfaceStatusMark({ status }: { status: InterfaceStatus | 'none' }) {
  const t = useText('common');
  const shape = squares.includes(status) ? ({ shape: 'square' } as const) : {};
  return <StatusMark tone={tones[status]} {...shape} word={t(`status_${status}`)} />;
}
