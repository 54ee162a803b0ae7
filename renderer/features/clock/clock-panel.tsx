import { Button, Group, NumberInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ClockView } from '../../../core/contract/clock.ts';
import { isDuration } from '../../../core/contract/duration.ts';
import { usePreferences } from '../../app/preferences.ts';
import { platformNow } from '../../format/platform-time.ts';
import { dateTime } from '../../format/time.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { MomentField } from '../../ui/moment-field.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useClockChange } from './clock-api.ts';
import { usePlatformNow } from './use-platform-now.ts';

const steps = [
  ['minute', 'PT1M'],
  ['hour', 'PT1H'],
  ['day', 'P1D'],
] as const;

/** Shows and moves the platform's time. */
export function ClockPanel({ view }: { view: ClockView }) {
  const t = useText('clock');
  const utc = usePreferences((state) => state.utc);
  const now = usePlatformNow();
  const { data: identity } = useIdentity();
  const change = useClockChange();
  const { isPending, mutate } = change;
  return (
    <div className="clock-panel">
      <p className="flat">
        {t('platformTime')} <span className="time">{dateTime(now, utc)}</span>
      </p>
      <p className="flat dimmed">{t(`${view.mode}Text`, { speed: view.speed })}</p>
      {identity?.operator === true ? (
        <>
          <Group gap="xs">
            {view.mode !== 'frozen' && (
              <Button
                variant="default"
                disabled={isPending}
                onClick={() => mutate({ set: { mode: 'frozen' } })}
              >
                {t('freeze')}
              </Button>
            )}
            {view.mode === 'frozen' && (
              <Button
                variant="default"
                disabled={isPending}
                onClick={() => mutate({ set: { mode: 'running' } })}
              >
                {t('goOn')}
              </Button>
            )}
            {view.mode !== 'real' && (
              <Button
                variant="default"
                disabled={isPending}
                onClick={() => mutate({ set: { mode: 'real' } })}
              >
                {t('backToReal')}
              </Button>
            )}
          </Group>
          {view.mode !== 'real' && <p className="flat dimmed">{t('backText')}</p>}
          <Group gap="xs" role="group" aria-label={t('advance')}>
            {steps.map(([name, duration]) => (
              <Button
                key={name}
                variant="default"
                disabled={isPending}
                onClick={() => mutate({ advance: duration })}
              >
                {t(`plus_${name}`)}
              </Button>
            ))}
          </Group>
          <FreezeForm busy={isPending} onFreeze={(time) => mutate({ set: { mode: 'frozen', time } })} />
          <AdvanceForm busy={isPending} onAdvance={(advance) => mutate({ advance })} />
          <SpeedForm
            busy={isPending}
            speed={view.speed}
            onSpeed={(speed) => mutate({ set: { mode: 'running', speed } })}
          />
          <ActionError error={change.error} />
        </>
      ) : (
        <p className="flat">{t('operatorOnly')}</p>
      )}
    </div>
  );
}

function FreezeForm({ busy, onFreeze }: { busy: boolean; onFreeze: (time: string) => void }) {
  const t = useText('clock');
  const [moment, setMoment] = useState(() => new Date(platformNow()).toISOString());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (moment !== '') onFreeze(moment);
  };
  return (
    <form className="clock-moment" onSubmit={submit}>
      <MomentField label={t('moment')} value={moment} onChange={setMoment} />
      <Button type="submit" variant="default" disabled={busy || moment === ''}>
        {t('freezeAt')}
      </Button>
    </form>
  );
}

function AdvanceForm({ busy, onAdvance }: { busy: boolean; onAdvance: (duration: string) => void }) {
  const t = useText('clock');
  const [duration, setDuration] = useState('P7D');
  const fits = isDuration(duration);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fits) onAdvance(duration);
  };
  return (
    <form className="clock-form" onSubmit={submit}>
      <TextInput
        label={t('duration')}
        value={duration}
        error={fits ? undefined : t('durationWrong')}
        onChange={({ currentTarget }) => setDuration(currentTarget.value.trim())}
      />
      <Button type="submit" variant="default" disabled={busy || !fits}>
        {t('advanceBy')}
      </Button>
    </form>
  );
}

function SpeedForm(props: { busy: boolean; speed: number; onSpeed: (speed: number) => void }) {
  const t = useText('clock');
  const [speed, setSpeed] = useState<number | string>(props.speed > 1 ? props.speed : 60);
  const value = Number(speed);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (value > 0) props.onSpeed(value);
  };
  return (
    <form className="clock-form" onSubmit={submit}>
      <NumberInput label={t('speed')} value={speed} min={0.001} onChange={setSpeed} />
      <Button type="submit" variant="default" disabled={props.busy || !(value > 0)}>
        {t('setSpeed')}
      </Button>
    </form>
  );
}
