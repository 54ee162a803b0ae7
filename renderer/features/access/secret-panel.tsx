import { Button } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';

/** The value of a key, shown once. */
export function SecretPanel({
  label,
  value,
  onClose,
}: {
  label: string;
  value: string;
  onClose: () => void;
}) {
  const t = useText('access');
  return (
    <SidePanel title={label} onClose={onClose}>
      <h3>{t('secret')}</h3>
      <CodeBlock text={value} what={t('secret')} wrap />
      <p>{t('secretNote')}</p>
      <Button onClick={onClose}>{t('done')}</Button>
    </SidePanel>
  );
}
