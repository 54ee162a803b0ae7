import { Checkbox, SegmentedControl } from '@mantine/core';
import type { Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { groupRoles } from './role-groups.ts';

interface RoleChoiceProps {
  readonly value: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
  /** Usual choices, by name. */
  readonly presets: Readonly<Record<string, { label: string; text: string; roles: readonly Role[] }>>;
  /** Roles that may be given, which are those of whoever gives them. */
  readonly allowed: readonly Role[];
}

const groups = groupRoles();
const own = 'own';

/** Roles as boxes, by what they are about, and the usual choices in one click. */
export function RoleChoice({ value, onChange, presets, allowed }: RoleChoiceProps) {
  const t = useText('access');
  const permitted = (roles: readonly Role[]) => roles.filter((role) => allowed.includes(role));
  const found = Object.entries(presets).find(([, { roles }]) => isSame(permitted(roles), value));
  const chosen = value.length === 0 ? own : (found?.[0] ?? own);
  const box = (role: Role | undefined, label: string, area: string) =>
    role !== undefined && (
      <Checkbox
        label={label}
        aria-label={`${area}: ${label}`}
        checked={value.includes(role)}
        disabled={!allowed.includes(role) && !value.includes(role)}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? [...value, role] : value.filter((each) => each !== role))
        }
      />
    );
  return (
    <fieldset className="roles">
      <legend>{t('roles')}</legend>
      <SegmentedControl
        aria-label={t('preset')}
        fullWidth
        data={[
          ...Object.entries(presets).map(([name, { label }]) => ({ value: name, label })),
          { value: own, label: t('preset_custom') },
        ]}
        value={chosen}
        onChange={(next) => onChange(next === own ? [] : permitted(presets[next]?.roles ?? []))}
      />
      <p className="dimmed role-note">{presets[chosen]?.text ?? t('preset_customText')}</p>
      <table className="roles-table">
        <tbody>
          {groups.map(({ area, read, write, single }) => {
            const name = t(`role_${area}`);
            return (
              <tr key={area}>
                <th scope="row">{name}</th>
                {single === undefined ? (
                  <>
                    <td>{box(read, t('read'), name)}</td>
                    <td>{box(write, t('write'), name)}</td>
                  </>
                ) : (
                  <td colSpan={2}>{box(single, t('connect'), name)}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {groups.some(({ read, write, single }) =>
        [read, write, single].some((role) => role !== undefined && !allowed.includes(role)),
      ) && <p className="dimmed role-note">{t('rolesBeyond')}</p>}
    </fieldset>
  );
}

const isSame = (a: readonly Role[], b: readonly Role[]): boolean =>
  a.length === b.length && a.every((role) => b.includes(role));
