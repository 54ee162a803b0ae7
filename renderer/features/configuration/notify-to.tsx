import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { ActionError } from '../../ui/view-states.tsx';
import { useConfigurationAct } from './configuration-api.ts';

/** The FIFO that is told of each change of the configuration. */
export function NotifyTo({ deviceId, topic }: { deviceId: string; topic: string | undefined }) {
  const t = useText('configuration');
  const common = useText('common');
  const act = useConfigurationAct(deviceId);
  const [text, setText] = useState(topic ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate({ request: { notifyTo: text } });
  };
  return (
    <form className="clock-form" onSubmit={submit}>
      <TextInput
        label={t('notifyTo')}
        placeholder="fifo/changes"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value.trim())}
        classNames={{ input: 'mono' }}
      />
      <Button type="submit" variant="default" loading={act.isPending} disabled={text === (topic ?? '')}>
        {common('save')}
      </Button>
      <ActionError error={act.error} />
    </form>
  );
}
