import { Button, Group } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';

/** The end of a form: what it does, and the way out. */
export function FormButtons(props: {
  submit: string;
  busy: boolean;
  disabled?: boolean;
  onCancel: () => void;
}) {
  const t = useText('common');
  return (
    <Group gap="xs">
      <Button type="submit" loading={props.busy} disabled={props.disabled ?? false}>
        {props.submit}
      </Button>
      <Button variant="default" onClick={props.onCancel}>
        {t('cancel')}
      </Button>
    </Group>
  );
}
