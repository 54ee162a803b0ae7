import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { roles } from '../../../core/contract/roles.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { KeyEditor } from './key-editor.tsx';
import { KeyPanel } from './key-panel.tsx';
import { KeyState } from './key-state.tsx';
import { useKeys } from './keys-api.ts';
import { SecretPanel } from './secret-panel.tsx';

const rowKey = ({ id }: ApiKeyJson): string => id;
const moment = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

/** @param narrow beside a panel, which tells the times of the key as well */
function useKeyColumns(narrow: boolean): Column<ApiKeyJson>[] {
  const t = useText('access');
  const common = useText('common');
  return useMemo(() => {
    const time = (ms: number | undefined) => {
      const text = moment(ms);
      return text === undefined ? (
        <span className="dimmed">{common('never')}</span>
      ) : (
        <TimeText time={text} form="full" />
      );
    };
    const columns: Column<ApiKeyJson>[] = [
      {
        id: 'label',
        header: t('label'),
        width: 'minmax(140px, 1fr)',
        cell: ({ label }) => (
          <strong className="ellipsis" title={label}>
            {label}
          </strong>
        ),
      },
      { id: 'state', header: t('state'), width: '130px', cell: (apiKey) => <KeyState apiKey={apiKey} /> },
      {
        id: 'roles',
        header: t('roles'),
        width: 'minmax(200px, 2fr)',
        cell: (key) => {
          const text = key.roles.length === roles.length ? t('allRoles') : key.roles.join(', ');
          return (
            <span className="ellipsis mono" title={text}>
              {text}
            </span>
          );
        },
      },
      { id: 'created', header: t('created'), width: '180px', cell: ({ creationTs }) => time(creationTs) },
      { id: 'used', header: t('lastUsed'), width: '180px', cell: ({ lastActivity }) => time(lastActivity) },
    ];
    return narrow ? columns.slice(0, 3) : columns;
  }, [t, common, narrow]);
}

export default function AccessView() {
  const t = useText('access');
  const language = usePreferences((state) => state.language);
  const query = useKeys();
  const [url, setUrl] = useUrlState();
  // The value of a key is nowhere but here, and gone when the panel closes.
  const [secret, setSecret] = useState<ApiKeyJson>();
  const columns = useKeyColumns(url.key !== undefined || url.create !== undefined || secret !== undefined);
  const opened = query.data?.find(({ id }) => id === url.key);
  const close = () => {
    setSecret(undefined);
    setUrl({ key: undefined, create: undefined });
  };
  const show = (key: ApiKeyJson) => {
    setSecret(key);
    setUrl({ key: undefined, create: undefined });
  };
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        <Button
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            setSecret(undefined);
            setUrl({ create: 'yes', key: undefined });
          }}
        >
          {t('newKey')}
        </Button>
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {(keys) => (
            <VirtualTable
              label={t('title')}
              rows={keys}
              columns={columns}
              rowKey={rowKey}
              selected={url.key}
              onOpen={({ id }) => {
                setSecret(undefined);
                setUrl({ key: id, create: undefined });
              }}
            />
          )}
        </QueryView>
        {secret?.value !== undefined ? (
          <SecretPanel label={secret.label} value={secret.value} onClose={close} />
        ) : url.create === 'yes' ? (
          <KeyEditor onClose={close} onCreated={show} />
        ) : (
          opened && <KeyPanel key={opened.id} apiKey={opened} onClose={close} onSecret={show} />
        )}
      </div>
    </div>
  );
}
