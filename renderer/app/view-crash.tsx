import { Button } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';
import { CodeBlock } from '../ui/code-block.tsx';

/** A defect in one view leaves the others usable, and can be copied into a report. */
export function ViewCrash({ error, reset }: { error: unknown; reset?: () => void }) {
  const t = useText('common');
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    <div className="state state-error" role="alert">
      <h2>{t('failedView')}</h2>
      <CodeBlock text={text} what={t('details')} />
      <Button variant="default" onClick={() => (reset ? reset() : window.location.reload())}>
        {t('retry')}
      </Button>
    </div>
  );
}
