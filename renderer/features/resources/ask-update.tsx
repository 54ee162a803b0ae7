import { Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useUpdateAct } from './device-resources-api.ts';
import { useRepository, useVersions } from './repository-api.ts';

interface AskUpdateProps {
  readonly deviceId: string;
  /** The resource to begin with; empty: the first. */
  readonly resourceId: string;
  readonly onClose: () => void;
}

/** Asks a device to go to a version of the repository. */
export function AskUpdate({ deviceId, resourceId, onClose }: AskUpdateProps) {
  const t = useText('resources');
  const repository = useRepository();
  const act = useUpdateAct(deviceId, onClose);
  const [chosen, setChosen] = useState(resourceId);
  const [version, setVersion] = useState<string | null>(null);
  const known = repository.data?.map((each) => each.resourceId) ?? [];
  const current = known.includes(chosen) ? chosen : known[0];
  const versions = useVersions(current).data?.map((each) => each.resourceVersionId);
  const wanted = version ?? versions?.[0];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (current !== undefined && wanted !== undefined) {
      act.mutate({ ask: { resourceId: current, requestedVersion: wanted } });
    }
  };
  return (
    <form className="stack" onSubmit={submit} aria-label={t('ask')}>
      <h3>{t('ask')}</h3>
      <QueryView query={repository} rows={2}>
        {(resources) =>
          resources.length === 0 ? (
            <p>
              {t('askNoResource')}{' '}
              <a href="#/resources?create=yes" className="link">
                {t('toRepository')}
              </a>
            </p>
          ) : (
            <>
              <Select
                label={t('id')}
                data={known}
                value={current ?? null}
                allowDeselect={false}
                onChange={(next) => {
                  setChosen(next ?? '');
                  setVersion(null);
                }}
              />
              {versions?.length === 0 ? (
                <p>{t('askNoVersion')}</p>
              ) : (
                <Select
                  label={t('version')}
                  data={versions ?? []}
                  value={wanted ?? null}
                  allowDeselect={false}
                  onChange={setVersion}
                />
              )}
            </>
          )
        }
      </QueryView>
      <ActionError error={act.error} />
      <FormButtons
        submit={t('askDo')}
        needs="DEVICE_W"
        busy={act.isPending}
        disabled={wanted === undefined}
        onCancel={onClose}
      />
    </form>
  );
}
