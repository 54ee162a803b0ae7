import { Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { platformNow } from '../../format/platform-time.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { AccessPage } from './access-page.tsx';
import { useKeyColumns } from './key-columns.tsx';
import { KeyEditor } from './key-editor.tsx';
import { KeyPanel } from './key-panel.tsx';
import { type PlacedKey, placeKeys } from './key-tree.ts';
import { useKeys } from './keys-api.ts';
import { SecretPanel } from './secret-panel.tsx';

const rowKey = ({ key }: PlacedKey): string => key.id;

export default function AccessView() {
  return (
    <AccessPage part="keys">
      <Keys />
    </AccessPage>
  );
}

function Keys() {
  const t = useText('access');
  const language = usePreferences((state) => state.language);
  const lack = useLack('API_KEY_W');
  const query = useKeys();
  const [url, setUrl] = useUrlState();
  // The value of a key is nowhere but here, and gone when the panel closes.
  const [secret, setSecret] = useState<ApiKeyJson>();
  const withSessions = url.sessions === 'yes';
  const placed = useMemo(() => placeKeys(query.data ?? [], platformNow()), [query.data]);
  const shown = withSessions ? placed : placed.filter(({ key }) => key.userId === undefined);
  const hidden = placed.length - placed.filter(({ key }) => key.userId === undefined).length;
  const opened = placed.find(({ key }) => key.id === url.key);
  const columns = useKeyColumns(url.key !== undefined || url.create === 'yes' || secret !== undefined);
  const go = (to: { key?: string; create?: string; edit?: string; below?: string }) => {
    setSecret(undefined);
    setUrl({ key: to.key, create: to.create, edit: to.edit, below: to.below });
  };
  const close = () => go({});
  const show = (key: ApiKeyJson) => {
    if (key.value === undefined) return go({ key: key.id });
    close();
    setSecret(key);
  };
  const keys = query.data ?? [];
  return (
    <>
      <ViewHeader title={t('title')} note={query.data && count(shown.length, language)}>
        <Switch
          label={t('withSessions', { number: count(hidden, language) })}
          checked={withSessions}
          onChange={(event) => setUrl({ sessions: event.currentTarget.checked ? 'yes' : undefined })}
        />
        <ReasonButton
          why={lack}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => go({ create: 'yes' })}
        >
          {t('newKey')}
        </ReasonButton>
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {() => (
            <VirtualTable
              label={t('title')}
              rows={shown}
              columns={columns}
              rowKey={rowKey}
              selected={url.key}
              onOpen={({ key }) => go({ key: key.id })}
            />
          )}
        </QueryView>
        {secret?.value !== undefined ? (
          <SecretPanel
            title={secret.label}
            secrets={[{ name: t('secret'), value: secret.value }]}
            onClose={close}
          />
        ) : url.create === 'yes' && query.data ? (
          <KeyEditor key={url.below} keys={keys} parentId={url.below} onClose={close} onSaved={show} />
        ) : opened && url.edit === 'yes' ? (
          <KeyEditor
            key={opened.key.id}
            keys={keys}
            apiKey={opened.key}
            onClose={() => go({ key: opened.key.id })}
            onSaved={({ id }) => go({ key: id })}
          />
        ) : (
          opened && (
            <KeyPanel
              key={opened.key.id}
              placed={opened}
              keys={keys}
              onClose={close}
              onSecret={show}
              onEdit={() => go({ key: opened.key.id, edit: 'yes' })}
              onAddBelow={() => go({ create: 'yes', below: opened.key.id })}
            />
          )
        )}
      </div>
    </>
  );
}
