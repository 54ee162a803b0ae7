import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { PlacedKey } from './key-tree.ts';

const marks = {
  active: { tone: 'ok' },
  inactive: { tone: 'quiet', shape: 'square' },
  offAbove: { tone: 'quiet', shape: 'square' },
  expired: { tone: 'warn' },
  notYet: { tone: 'quiet', shape: 'ring' },
} as const;

/** Whether a key lets anybody in now, and why not. */
export function KeyState({ placed: { key, condition } }: { placed: PlacedKey }) {
  const t = useText('access');
  const word = condition === 'active' && key.masterKey ? t('master') : t(`state_${condition}`);
  return <StatusMark {...marks[condition]} word={word} />;
}
