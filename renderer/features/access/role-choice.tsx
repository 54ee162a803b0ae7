import { Checkbox, SegmentedControl } from '@mantine/core';
import type { Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { groupRoles, type Preset, presetOf, presets } from './role-groups.ts';

interface RoleChoiceProps {
  readonly value: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}

const groups = groupRoles();
const presetNames = ['device', 'application', 'reader', 'custom'] as const;

/** Roles as boxes, by what they are about, and the usual choices in one click. */
export function RoleChoice({ value, onChange }: RoleChoiceProps) {
  const t = useText('access');
  const preset = presetOf(value);
  const box = (role: Role | undefined, label: string, area: string) =>
    role !== undefined && (
      <Checkbox
        label={label}
        aria-label={`${area}: ${label}`}
        checked={value.includes(role)}
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
        data={presetNames.map((name) => ({ value: name, label: t(`preset_${name}`) }))}
        value={preset}
        onChange={(next) => onChange(next === 'custom' ? [] : presets[next as Exclude<Preset, 'custom'>])}
      />
      {preset !== 'custom' && <p className="dimmed role-note">{t(`preset_${preset}Text`)}</p>}
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
                  <td colSpan={2}>{box(single, single, name)}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </fieldset>
  );
}
