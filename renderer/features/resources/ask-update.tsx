import { Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { DeviceResourcesJson } from '../../../core/contract/resource-updates.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useAskUpdate } from './device-resources-api.ts';
import { resourceHref, useRepository, useVersions } from './repository-api.ts';
import { firstChoice, type VersionChoice, versionChoices } from './version-choice.ts';

interface AskUpdateProps {
  readonly deviceId: string;
  /** What the device has. */
  readonly resources: DeviceResourcesJson;
  /** The resource to begin with; empty: the first of the repository. */
  readonly resourceId: string;
  readonly onClose: () => void;
}

/** Asks a device to go to a version of the repository. */
export function AskUpdate({ deviceId, resources, resourceId, onClose }: AskUpdateProps) {
  const t = useText('resources');
  const repository = useRepository();
  const act = useAskUpdate(deviceId, onClose);
  const [chosen, setChosen] = useState(resourceId);
  const [version, setVersion] = useState<string>();
  const known = repository.data?.map((each) => each.resourceId) ?? [];
  const current = chosen === '' ? known[0] : chosen;
  const isKnown = current !== undefined && known.includes(current);
  const query = useVersions(isKnown ? current : undefined);
  const choices = versionChoices(query.data ?? [], resources[current ?? '']?.reported?.version);
  const wanted = version ?? firstChoice(choices);
  const choose = (next: string | null): void => {
    setChosen(next ?? '');
    setVersion(undefined);
    act.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isKnown && wanted !== undefined) act.mutate({ resourceId: current, requestedVersion: wanted });
  };
  return (
    <form className="stack" onSubmit={submit} aria-label={t('ask')}>
      <h3>{t('ask')}</h3>
      <QueryView query={repository} rows={2}>
        {() =>
          current === undefined ? (
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
                data={isKnown ? known : [current, ...known]}
                value={current}
                allowDeselect={false}
                onChange={choose}
              />
              {!isKnown && (
                <>
                  <p className="field-error" role="status">
                    {t('askNotKept', { name: current })}
                  </p>
                  <a href={`#${resourceHref(current)}`} className="link">
                    {t('toRepository')}
                  </a>
                </>
              )}
              {isKnown && query.data?.length === 0 && <p>{t('askNoVersion')}</p>}
              {choices.length > 0 && (
                <VersionSelect
                  choices={choices}
                  wanted={wanted}
                  onChange={(next) => {
                    setVersion(next);
                    act.reset();
                  }}
                />
              )}
            </>
          )
        }
      </QueryView>
      {act.isSuccess && act.data === undefined && (
        <p role="status">{t('askHas', { version: act.variables.requestedVersion })}</p>
      )}
      <ActionError error={act.error} />
      <FormButtons
        submit={t('askDo')}
        needs="DEVICE_W"
        busy={act.isPending}
        disabled={!isKnown || wanted === undefined}
        onCancel={onClose}
      />
    </form>
  );
}

function VersionSelect(props: {
  choices: readonly VersionChoice[];
  wanted: string | undefined;
  onChange: (version: string) => void;
}) {
  const t = useText('resources');
  const { choices, wanted, onChange } = props;
  const fit = choices.find(({ version }) => version === wanted)?.fit ?? 'fits';
  return (
    <Select
      label={t('version')}
      description={fit === 'fits' ? undefined : t(`fit_${fit}`)}
      data={choices.map((each) => ({
        value: each.version,
        label: each.fit === 'fits' ? each.version : t(`choice_${each.fit}`, { version: each.version }),
      }))}
      value={wanted ?? null}
      allowDeselect={false}
      onChange={(next) => next !== null && onChange(next)}
    />
  );
}
