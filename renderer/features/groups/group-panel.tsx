import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { platformOrigin } from '../../api/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { curl } from '../../ui/curl.ts';
import { IdText } from '../../ui/id-text.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { groupsUrl, useGroupCounts, withBelow } from './groups-api.ts';

/** What a group is, and the way to its devices. */
export function GroupPanel({ group, onClose }: { group: GroupJson; onClose: () => void }) {
  const t = useText('groups');
  const counts = useGroupCounts(group.path);
  const facts: [string, ReactNode][] = [
    [t('ownDevices'), counts.data && <DevicesLink key="own" path={group.path} total={counts.data.own} />],
    [
      t('allDevices'),
      counts.data && <DevicesLink key="all" path={withBelow(group.path)} total={counts.data.all} />,
    ],
    [t('path'), <IdText key="path" id={group.path} what={t('path')} />],
    [t('id'), <IdText key="id" id={group.id} what={t('id')} />],
    [t('description'), group.description],
    [t('created'), <TimeText key="created" time={group.created} form="full" />],
  ];
  const child = { pathNode: 'new-group', parentId: group.id };
  return (
    <SidePanel title={group.pathNode ?? t('root')} onClose={onClose}>
      <dl className="facts group-facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <section>
        <h3>{t('asCurl')}</h3>
        <CodeBlock text={curl('POST', `${platformOrigin()}${groupsUrl}`, child)} what={t('asCurl')} wrap />
      </section>
    </SidePanel>
  );
}

function DevicesLink({ path, total }: { path: string; total: number }) {
  const t = useText('groups');
  const language = usePreferences((state) => state.language);
  return (
    <Link to="/devices" search={{ group: path } as never} className="link">
      {t('count', { count: total, total: count(total, language) })}
    </Link>
  );
}
