import { roles as allRoles, type Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { groupRoles } from './role-groups.ts';

const groups = groupRoles();

/** Roles in words, a line for each thing that they are about. */
export function RoleList({ roles }: { roles: readonly Role[] }) {
  const t = useText('access');
  const has = (role: Role | undefined): boolean => role !== undefined && roles.includes(role);
  const shown = groups.filter(({ read, write, single }) => has(read) || has(write) || has(single));
  if (shown.length === 0) return <span className="dimmed">{t('noRoles')}</span>;
  if (roles.length === allRoles.length) return t('allRolesText');
  return (
    <ul className="role-list">
      {shown.map(({ area, read, write, single }) => {
        const held = [read, write, single].filter(has) as Role[];
        return (
          <li key={area} title={held.join(', ')}>
            <span>{t(`role_${area}`)}</span>
            <span className="dimmed">
              {has(single)
                ? ''
                : [has(read) && t('read'), has(write) && t('write')].filter(Boolean).join(', ')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
