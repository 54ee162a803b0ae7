import { Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count as inWords } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { IdText } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import type { GroupCount } from './group-counts.ts';
import { withBelow } from './groups-api.ts';

export type GroupPanel = 'edit' | 'move' | 'move-devices';

/** What the chosen group is, and what can be done with it and its devices. */
export function GroupHeader(props: {
  group: GroupJson;
  count: GroupCount | undefined;
  /** Devices that are chosen. */
  chosen: number;
  onPanel: (panel: GroupPanel) => void;
  onDelete: () => void;
}) {
  const { group, count, chosen, onPanel } = props;
  const t = useText('groups');
  const common = useText('common');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const below = url.below === 'yes';
  const isRoot = group.parentId === undefined;
  const total = count && inWords(below ? count.all : count.own, language);
  return (
    <div className="group-header">
      <div className="inline">
        <h2>
          <IdText id={group.path} what={t('path')} />
        </h2>
        <span className="inline dimmed">
          {t('id')} <IdText id={group.id} what={t('id')} />
        </span>
        {group.description && <span>{group.description}</span>}
      </div>
      <div className="buttons">
        {count && (
          <Link
            to="/devices"
            search={{ group: below ? withBelow(group.path) : group.path } as never}
            className="link"
          >
            {t('count', { count: below ? count.all : count.own, total })}
          </Link>
        )}
        <Switch
          label={t('withBelow')}
          checked={below}
          onChange={(event) => setUrl({ below: event.currentTarget.checked ? 'yes' : undefined })}
        />
        <span className="spring" />
        <ReasonButton
          needs="DEVICE_W"
          variant="default"
          disabled={chosen === 0}
          onClick={() => onPanel('move-devices')}
        >
          {t('moveChosen', { count: chosen })}
        </ReasonButton>
        {!isRoot && (
          <>
            <ReasonButton needs="DEVICE_W" variant="default" onClick={() => onPanel('edit')}>
              {common('edit')}
            </ReasonButton>
            <ReasonButton needs="DEVICE_W" variant="default" onClick={() => onPanel('move')}>
              {t('moveOpen')}
            </ReasonButton>
            <ReasonButton needs="DEVICE_W" variant="default" onClick={props.onDelete}>
              {common('delete')}
            </ReasonButton>
          </>
        )}
      </div>
    </div>
  );
}
