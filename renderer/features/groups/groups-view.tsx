import { IconPlus } from '@tabler/icons-react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { useGroups } from './groups-api.ts';
import { GroupsPage } from './groups-page.tsx';

const noGroups: readonly GroupJson[] = [];

/** The groups of devices as a tree, with the devices of the one that is chosen. */
export default function GroupsView() {
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  const query = useGroups();
  const [, setUrl] = useUrlState();
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        <ReasonButton
          needs="DEVICE_W"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setUrl({ panel: 'create' })}
          disabled={query.data === undefined}
        >
          {t('create')}
        </ReasonButton>
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>{(groups) => <GroupsPage groups={groups ?? noGroups} />}</QueryView>
      </div>
    </div>
  );
}
