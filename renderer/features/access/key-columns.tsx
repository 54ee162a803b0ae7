import { useMemo } from 'react';
import { roles } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { KeyState } from './key-state.tsx';
import type { PlacedKey } from './key-tree.ts';

const indentPx = 16;
const mostIndents = 6;

/** @param narrow beside a panel, which tells the times of the key as well */
export function useKeyColumns(narrow: boolean): Column<PlacedKey>[] {
  const t = useText('access');
  const common = useText('common');
  return useMemo(() => {
    const columns: Column<PlacedKey>[] = [
      {
        id: 'label',
        header: t('label'),
        // Whole, also below another key: labels often begin alike.
        width: 'minmax(222px, 1.2fr)',
        cell: ({ key, depth }) => (
          <strong
            className="ellipsis"
            title={key.description ? `${key.label}: ${key.description}` : key.label}
            style={{ paddingLeft: Math.min(depth, mostIndents) * indentPx }}
          >
            {key.userId === undefined ? key.label : key.description}
          </strong>
        ),
      },
      { id: 'state', header: t('state'), width: '140px', cell: (placed) => <KeyState placed={placed} /> },
      {
        id: 'roles',
        header: t('roles'),
        width: 'minmax(80px, 2fr)',
        cell: ({ key }) => {
          const text =
            key.roles.length === roles.length
              ? t('allRoles')
              : key.roles.length === 0
                ? common('none')
                : key.roles.join(', ');
          return (
            <span className="ellipsis mono" title={text}>
              {text}
            </span>
          );
        },
      },
      {
        id: 'used',
        header: t('lastUsed'),
        width: '190px',
        cell: ({ key }) => <MomentText ms={key.lastActivity} form="relative" none={common('never')} />,
      },
      {
        id: 'to',
        header: t('to'),
        width: '140px',
        cell: ({ key }) => <MomentText ms={key.to} form="minute" none={t('forEver')} />,
      },
    ];
    return narrow ? columns.slice(0, 3) : columns;
  }, [t, common, narrow]);
}
