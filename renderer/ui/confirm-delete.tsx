import { Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useFocusBack } from './use-focus-back.ts';
import { ActionError } from './view-states.tsx';

interface ConfirmDeleteProps {
  readonly title: string;
  /** Names what will be lost, and how much of it. */
  readonly children: ReactNode;
  readonly confirm?: string;
  /** The way out, where `Cancel` could be taken for the action. */
  readonly dismiss?: string;
  /** True while it cannot be done: the text says why. */
  readonly disabled?: boolean;
  /** True when nothing is lost. */
  readonly harmless?: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is lost. Shown while it is mounted. */
export function ConfirmDelete(props: ConfirmDeleteProps) {
  const t = useText('common');
  const action = useMutation({ mutationFn: props.onConfirm, onSuccess: props.onClose });
  const button = useFocusBack(action.isPending);
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': t('close') }}>
      <div className="confirm-text">{props.children}</div>
      <ActionError error={action.error} />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={props.onClose} data-autofocus>
          {props.dismiss ?? t('cancel')}
        </Button>
        <Button
          ref={button}
          {...(props.harmless ? {} : { color: 'red.9' })}
          disabled={props.disabled ?? false}
          loading={action.isPending}
          onClick={() => action.mutate()}
        >
          {props.confirm ?? t('delete')}
        </Button>
      </Group>
    </Modal>
  );
}
