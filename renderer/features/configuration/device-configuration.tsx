import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConfigurationJson } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError, EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { useConfiguration, useConfigurationAct } from './configuration-api.ts';
import { NotifyTo } from './notify-to.tsx';
import { ParameterForm } from './parameter-form.tsx';
import { ParameterRow } from './parameter-row.tsx';

/** Configuration of a device: what is asked for beside what it has, and how far it is. */
export default function DeviceConfiguration({ device }: DeviceTabProps) {
  const query = useConfiguration(device.id);
  return (
    <QueryView query={query}>
      {(configuration) => <Parameters deviceId={device.id} configuration={configuration} />}
    </QueryView>
  );
}

function Parameters({ deviceId, configuration }: { deviceId: string; configuration: ConfigurationJson }) {
  const t = useText('configuration');
  const act = useConfigurationAct(deviceId);
  const remove = useConfigurationAct(deviceId);
  /** Key of the parameter in the form; empty: a new one. */
  const [editing, setEditing] = useState<string>();
  const [deleting, setDeleting] = useState<string>();
  const { parameters, notifyTo } = configuration;
  const keys = Object.keys(parameters).sort();
  const edited = editing === undefined ? undefined : parameters[editing];
  return (
    <div className="page-part configuration-tab">
      <div className="buttons">
        <ReasonButton
          variant="default"
          needs="DEVICE_W"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setEditing('')}
        >
          {t('add')}
        </ReasonButton>
      </div>
      {editing !== undefined && (
        <ParameterForm
          key={`form of ${editing}`}
          deviceId={deviceId}
          {...(edited && { of: { key: editing, parameter: edited } })}
          onClose={() => setEditing(undefined)}
        />
      )}
      <ActionError error={act.error} />
      {keys.length === 0 ? (
        <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
      ) : (
        <table className="plain-table" aria-label={t('title')}>
          <thead>
            <tr>
              {(['key', 'requested', 'reported', 'status'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(name)}
                </th>
              ))}
              <th scope="col">{t('actions')}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => {
              const parameter = parameters[key];
              return (
                parameter && (
                  <ParameterRow
                    key={key}
                    name={key}
                    parameter={parameter}
                    onEdit={() => setEditing(key)}
                    onCancel={(force) => act.mutate({ cancel: key, force })}
                    onDelete={() => setDeleting(key)}
                  />
                )
              );
            })}
          </tbody>
        </table>
      )}
      <NotifyTo key={`FIFO ${notifyTo}`} deviceId={deviceId} topic={notifyTo} />
      {deleting !== undefined && (
        <ConfirmDelete
          title={t('delete', { key: deleting })}
          onClose={() => setDeleting(undefined)}
          onConfirm={() => remove.mutateAsync({ remove: deleting })}
        >
          {t('deleteText')}
        </ConfirmDelete>
      )}
    </div>
  );
}
