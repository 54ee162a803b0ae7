import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { GroupPanel } from './group-panel.tsx';
import { GroupTree } from './group-tree-view.tsx';
import { useGroups } from './groups-api.ts';

/** The groups of devices as a tree. */
export default function GroupsView() {
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  const query = useGroups();
  const [url, setUrl] = useUrlState();
  const opened = query.data?.find(({ id }) => id === url.group);
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)} />
      <div className="list-and-panel">
        <QueryView query={query}>
          {(groups) => (
            <div className="tree-area">
              <GroupTree
                groups={groups}
                selected={opened?.id}
                onOpen={({ id }) => setUrl({ group: id }, { push: true })}
              />
              {groups.length <= 1 && <EmptyState title={t('onlyRoot')}>{t('onlyRootText')}</EmptyState>}
            </div>
          )}
        </QueryView>
        {opened && <GroupPanel key={opened.id} group={opened} onClose={() => setUrl({ group: undefined })} />}
      </div>
    </div>
  );
}
