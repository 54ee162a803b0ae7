import { Button } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';

interface SecretPanelProps {
  readonly title: string;
  readonly secrets: readonly { readonly name: string; readonly value: string }[];
  /** What to do with it, other than to copy it. */
  readonly note?: string;
  readonly onClose: () => void;
}

/** What is shown this once: the value of a key, a password that was made. */
export function SecretPanel({ title, secrets, note, onClose }: SecretPanelProps) {
  const t = useText('access');
  return (
    <SidePanel title={title} onClose={onClose}>
      {secrets.map(({ name, value }) => (
        <section key={name}>
          <h3>{name}</h3>
          <CodeBlock text={value} what={name} wrap />
        </section>
      ))}
      <p>{t('secretNote')}</p>
      {note !== undefined && <p>{note}</p>}
      <Button onClick={onClose}>{t('done')}</Button>
    </SidePanel>
  );
}
