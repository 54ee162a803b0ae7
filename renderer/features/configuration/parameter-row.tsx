import { Group } from '@mantine/core';
import { IconPencil, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import type { ParameterJson } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonIcon } from '../../ui/reason-icon.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { SyncStatusMark } from './sync-status.tsx';

interface ParameterRowProps {
  readonly name: string;
  readonly parameter: ParameterJson;
  readonly onEdit: () => void;
  readonly onCancel: (force: boolean) => void;
  readonly onDelete: () => void;
}

/** One parameter: what was asked for beside what the device says it has. */
export function ParameterRow({ name, parameter, onEdit, onCancel, onDelete }: ParameterRowProps) {
  const t = useText('configuration');
  const { requested, reported, syncStatus } = parameter;
  const differ =
    requested !== undefined &&
    reported !== undefined &&
    (requested.value !== reported.value || requested.type !== reported.type);
  const isSent = syncStatus === 'SENT';
  const isOpen = syncStatus === 'PENDING' || isSent;
  return (
    <tr>
      <th scope="row" className="mono">
        {name}
      </th>
      <td>
        <ParameterValue stamped={requested} />
      </td>
      <td className={differ ? 'differs' : undefined}>
        <ParameterValue stamped={reported} />
      </td>
      <td>
        <SyncStatusMark status={syncStatus} />
      </td>
      <td>
        <Group gap={4} wrap="nowrap">
          <ReasonIcon label={t('change', { key: name })} needs="DEVICE_W" onClick={onEdit}>
            <IconPencil size={14} />
          </ReasonIcon>
          {isOpen && (
            <ReasonIcon
              label={t(isSent ? 'cancelForce' : 'cancel', { key: name })}
              needs="DEVICE_W"
              onClick={() => onCancel(isSent)}
            >
              <IconPlayerStop size={14} />
            </ReasonIcon>
          )}
          <ReasonIcon label={t('delete', { key: name })} needs="DEVICE_W" onClick={onDelete}>
            <IconTrash size={14} />
          </ReasonIcon>
        </Group>
      </td>
    </tr>
  );
}

function ParameterValue({ stamped }: { stamped: ParameterJson['reported'] }) {
  const common = useText('common');
  if (!stamped) return <span className="dimmed">{common('none')}</span>;
  return (
    <div className="parameter-value">
      <span>
        <span className="mono break">{String(stamped.value)}</span>{' '}
        <span className="value-type">{stamped.type}</span>
      </span>
      <TimeText time={stamped.timestamp} form="relative" />
    </div>
  );
}
