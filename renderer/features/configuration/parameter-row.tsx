import { ActionIcon, Group } from '@mantine/core';
import { IconPencil, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import type { ParameterJson } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { SyncStatusMark } from './sync-status.tsx';

interface ParameterRowProps {
  readonly name: string;
  readonly parameter: ParameterJson;
  readonly mayChange: boolean;
  readonly onEdit: () => void;
  readonly onCancel: (force: boolean) => void;
  readonly onDelete: () => void;
}

/** One parameter: what was asked for beside what the device says it has. */
export function ParameterRow({ name, parameter, mayChange, onEdit, onCancel, onDelete }: ParameterRowProps) {
  const t = useText('configuration');
  const { requested, reported, syncStatus } = parameter;
  const differ =
    requested !== undefined &&
    reported !== undefined &&
    (requested.value !== reported.value || requested.type !== reported.type);
  const isOpen = syncStatus === 'PENDING' || syncStatus === 'SENT';
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
        {mayChange && (
          <Group gap={4} wrap="nowrap">
            <ActionIcon aria-label={t('change', { key: name })} onClick={onEdit}>
              <IconPencil size={14} />
            </ActionIcon>
            {isOpen && (
              <ActionIcon
                aria-label={t('cancel', { key: name })}
                title={t('cancel', { key: name })}
                onClick={() => onCancel(syncStatus === 'SENT')}
              >
                <IconPlayerStop size={14} />
              </ActionIcon>
            )}
            <ActionIcon aria-label={t('delete', { key: name })} onClick={onDelete}>
              <IconTrash size={14} />
            </ActionIcon>
          </Group>
        )}
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
