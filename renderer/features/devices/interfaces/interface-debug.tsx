import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { InterfaceDebugJson } from '../../../../core/contract/interfaces.ts';
import { ApiError, api } from '../../../api/client.ts';
import { duration } from '../../../format/numbers.ts';
import { useText } from '../../../i18n/use-text.ts';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { ActionError } from '../../../ui/view-states.tsx';

const choicesH = [1, 24, 7 * 24];
const hourMs = 3_600_000;

interface InterfaceDebugProps {
  /** Of the interface, from `/api` on. */
  readonly path: string;
  readonly connector: string;
}

/** Writes what goes over an interface to the audit log, for a while. */
export function InterfaceDebug({ path, connector }: InterfaceDebugProps) {
  const t = useText('interfaces');
  const queries = useQueryClient();
  const [hours, setHours] = useState(choicesH[0] ?? 1);
  const url = `${path}/debug`;
  const queryKey = ['devices', 'debug', path];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      api.get<InterfaceDebugJson>(url, { signal }).catch((failure: unknown) => {
        // Off.
        if (failure instanceof ApiError && failure.status === 404) return null;
        throw failure;
      }),
  });
  const change = useMutation({
    mutationFn: async (on: boolean) => {
      if (on) await api.post(url, { ttlHours: hours });
      else await api.delete(url);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  if (data === undefined) return <ActionError error={error} />;
  const log = connector === 'lwm2m' ? 'lwm2m_device_log' : 'mqtt_debug_logs';
  return (
    <div>
      <h3>{t('debug')}</h3>
      <p className="dimmed">{t('debugText')}</p>
      <div className="buttons">
        {data === null ? (
          <>
            <Select
              aria-label={t('debugFor')}
              w={110}
              allowDeselect={false}
              data={choicesH.map((value) => ({ value: String(value), label: duration(value * hourMs) }))}
              value={String(hours)}
              onChange={(next) => setHours(Number(next))}
            />
            <ReasonButton
              needs="DEVICE_W"
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate(true)}
            >
              {t('debugOn')}
            </ReasonButton>
          </>
        ) : (
          <>
            <span className="inline">
              <StatusMark tone="warn" word={t('debugUntil')} /> <TimeText time={data.expires} form="full" />
            </span>
            <ReasonButton
              needs="DEVICE_W"
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate(false)}
            >
              {t('debugOff')}
            </ReasonButton>
          </>
        )}
        <Button component="a" variant="subtle" href={`#/audit?text=${log}`}>
          {t('debugLog')}
        </Button>
      </div>
      <ActionError error={change.error} />
    </div>
  );
}
