import { Button, Group } from '@mantine/core';
import type { Role } from '../../core/contract/roles.ts';
import { useText } from '../i18n/use-text.ts';
import { ReasonButton } from './reason-button.tsx';

interface FormButtonsProps {
  /** What the form does. */
  readonly submit: string;
  /** The role that it cannot be sent without. */
  readonly needs?: Role;
  readonly busy: boolean;
  /** True while the form says elsewhere what does not fit, or has nothing to send. */
  readonly disabled?: boolean;
  readonly onCancel: () => void;
}

/** The end of a form: what it does, and the way out. */
export function FormButtons({ submit, needs, busy, disabled = false, onCancel }: FormButtonsProps) {
  const t = useText('common');
  return (
    <Group gap="xs">
      <ReasonButton type="submit" needs={needs} loading={busy} disabled={disabled}>
        {submit}
      </ReasonButton>
      <Button variant="default" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </Group>
  );
}
