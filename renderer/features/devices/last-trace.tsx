import { IconRoute2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { latestTraces } from '../messages/messages-api.ts';

/** Opens what became of the last thing that the device sent, also when that was refused. */
export function LastTrace({ device }: { device: DeviceJson }) {
  const t = useText('devices');
  const navigate = useNavigate();
  const senders = (device.interfaces ?? []).map(({ nodeId }) => nodeId);
  const find = useMutation({
    mutationFn: async () => {
      const found = await Promise.all(senders.map((sender) => latestTraces(sender, 1)));
      const [newest] = found.flat().sort((a, b) => (a.received < b.received ? 1 : -1));
      if (newest) {
        const search = (before: object) => ({ ...before, tab: 'messages', message: newest.traceId });
        await navigate({ to: '.', search } as never);
      }
      return newest?.traceId;
    },
  });
  return (
    <>
      <ReasonButton
        variant="default"
        why={useLack('DATA_R')}
        loading={find.isPending}
        leftSection={<IconRoute2 size={14} aria-hidden />}
        onClick={() => find.mutate()}
      >
        {t('lastTrace')}
      </ReasonButton>
      {find.isSuccess && find.data === undefined && (
        <span role="status" className="dimmed">
          {t('noTrace')}
        </span>
      )}
      <ActionError error={find.error} />
    </>
  );
}
