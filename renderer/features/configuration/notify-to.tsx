import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { fifoOfTopic } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useFifos } from '../routing/routing-api.ts';
import { useConfigurationAct } from './configuration-api.ts';

/** The FIFO that is told of each change of the configuration. */
export function NotifyTo({ deviceId, topic = '' }: { deviceId: string; topic: string | undefined }) {
  const t = useText('configuration');
  const common = useText('common');
  const lack = useLack('DEVICE_W');
  const act = useConfigurationAct(deviceId);
  const [text, setText] = useState(topic);
  const name = fifoOfTopic(text);
  const isMissing = useIsMissing(name);
  const isWrong = text !== '' && name === undefined;
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
        readOnly={lack !== undefined}
        error={isWrong ? t('notifyToWrong') : isMissing ? t('notifyToMissing', { name }) : undefined}
        onChange={({ currentTarget }) => setText(currentTarget.value.trim())}
        classNames={{ input: 'mono' }}
      />
      <ReasonButton
        type="submit"
        variant="default"
        needs="DEVICE_W"
        loading={act.isPending}
        disabled={text === topic || isWrong}
      >
        {common('save')}
      </ReasonButton>
      <ActionError error={act.error} />
    </form>
  );
}

/** True when there is certainly no such FIFO, so that nobody would be told. */
function useIsMissing(name: string | undefined): boolean {
  const mayLook = useLack('BUS_CONFIG_R') === undefined;
  const { data } = useFifos({ enabled: mayLook && name !== undefined });
  return name !== undefined && data !== undefined && !data.some((fifo) => fifo.name === name);
}
