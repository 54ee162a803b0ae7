import { Button, Group, Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { setDebugMode } from './keys-api.ts';

const choicesS = [900, 3600, 24 * 3600, 7 * 24 * 3600];

/** Writes what is done with a key over MQTT to the audit log, for a while. */
export function DebugMode({ apiKey, why }: { apiKey: ApiKeyJson; why: string | undefined }) {
  const t = useText('access');
  const queries = useQueryClient();
  const [seconds, setSeconds] = useState(choicesS[0] ?? 0);
  const until = apiKey.debugModeEndTs;
  const change = useMutation({
    mutationFn: (activated: boolean) =>
      setDebugMode(apiKey.id, activated ? { activated, durationSeconds: seconds } : { activated }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  return (
    <section>
      <h3>{t('debug')}</h3>
      <p className="dimmed">{t('debugText')}</p>
      {until !== undefined && (
        <p className="inline">
          <StatusMark tone="warn" word={t('debugUntil')} /> <MomentText ms={until} />
        </p>
      )}
      <Group gap="xs" mt={4} align="flex-end">
        {until === undefined ? (
          <>
            <Select
              aria-label={t('debugFor')}
              w={110}
              allowDeselect={false}
              data={choicesS.map((value) => ({ value: String(value), label: duration(value * 1000) }))}
              value={String(seconds)}
              onChange={(next) => setSeconds(Number(next))}
            />
            <ReasonButton
              variant="default"
              why={why}
              loading={change.isPending}
              onClick={() => change.mutate(true)}
            >
              {t('debugOn')}
            </ReasonButton>
          </>
        ) : (
          <ReasonButton
            variant="default"
            why={why}
            loading={change.isPending}
            onClick={() => change.mutate(false)}
          >
            {t('debugOff')}
          </ReasonButton>
        )}
        <Button component="a" variant="subtle" href="#/audit?text=mqtt_debug_logs">
          {t('debugLog')}
        </Button>
      </Group>
      <ActionError error={change.error} />
    </section>
  );
}
