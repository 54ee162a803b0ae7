import type { ImportReport } from '../../../core/contract/imports.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

/** How an import ended, or that it runs. */
export function ImportStateMark({ report: { state, failed } }: { report: ImportReport }) {
  const t = useText('import');
  const tone = state === 'running' ? 'quiet' : state !== 'done' ? 'bad' : failed > 0 ? 'warn' : 'ok';
  return <StatusMark tone={tone} word={t(`state_${state}`)} />;
}
