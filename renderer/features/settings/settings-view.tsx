import { Button, Input, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Language, languageNames, languages, usePreferences } from '../../app/preferences.ts';
import { useHealth } from '../../app/use-health.ts';
import { bytes, count, duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { desktopBridge } from '../../session/open-session.ts';
import { useSession } from '../../session/session-store.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { ViewHeader } from '../../ui/view-header.tsx';

export default function SettingsView() {
  const t = useText('settings');
  const shell = useText('shell');
  const { language, utc, set } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className="page settings">
      <ViewHeader title={t('title')} />
      <section className="page-part stack">
        <h2>{t('thisBrowser')}</h2>
        <Choice
          label={t('language')}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={language}
          onChange={(next) => set({ language: next as Language })}
        />
        <Choice
          label={t('times')}
          data={[
            { value: 'local', label: t('local') },
            { value: 'utc', label: 'UTC' },
          ]}
          value={utc ? 'utc' : 'local'}
          onChange={(next) => set({ utc: next === 'utc' })}
        />
        <Choice
          label={t('scheme')}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({
            value,
            label: shell(`scheme_${value}`),
          }))}
          value={colorScheme}
          onChange={(next) => setColorScheme(next as typeof colorScheme)}
        />
      </section>
      <PlatformState />
    </div>
  );
}

function Choice(props: {
  label: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Input.Wrapper label={props.label} size="xs" labelElement="div">
      <div>
        <SegmentedControl
          aria-label={props.label}
          data={props.data}
          value={props.value}
          onChange={props.onChange}
        />
      </div>
    </Input.Wrapper>
  );
}

function PlatformState() {
  const t = useText('settings');
  const language = usePreferences((state) => state.language);
  const tenantId = useSession((state) => state.session?.tenantId);
  const health = useHealth();
  const openDataFolder = desktopBridge()?.openDataFolder;
  return (
    <section className="page-part">
      <div className="part-title">
        <h2>{t('platform')}</h2>
        {openDataFolder && (
          <Button
            variant="default"
            leftSection={<IconFolder size={14} aria-hidden />}
            onClick={() => void openDataFolder()}
          >
            {t('openDataFolder')}
          </Button>
        )}
      </div>
      <QueryView query={health} rows={5}>
        {({ version, uptimeMs, store, mqtt }) => {
          const facts: [string, ReactNode][] = [
            [t('version'), version],
            [t('uptime'), duration(uptimeMs)],
            [t('tenant'), tenantId],
            [
              t('store'),
              <span key="store">
                <StatusMark tone={store.state === 'open' ? 'ok' : 'bad'} word={t(`store_${store.state}`)} />{' '}
                {store.failure}
              </span>,
            ],
            [t('journal'), bytes(store.journalBytes)],
            [t('transactions'), count(store.transactions, language)],
            [t('backlog'), count(store.backlog, language)],
            [t('mqtt'), count(mqtt.connections, language)],
            [
              t('docs'),
              <span key="docs" className="inline">
                {['v1', 'v0'].map((api) => (
                  <a key={api} href={`/api/${api}/docs`} target="_blank" rel="noreferrer" className="link">
                    /api/{api}/docs
                  </a>
                ))}
              </span>,
            ],
          ];
          return (
            <dl className="facts">
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          );
        }}
      </QueryView>
    </section>
  );
}
