import { Select } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { useGroups } from './groups-api.ts';

interface GroupChoiceProps {
  readonly label: string;
  /** Id of the group. */
  readonly value: string | null;
  readonly onChange: (id: string) => void;
  /** Ids of groups that cannot be chosen. */
  readonly except?: ReadonlySet<string>;
  readonly autoFocus?: boolean;
}

/** One of the groups, by its path. */
export function GroupChoice({ label, value, onChange, except, autoFocus }: GroupChoiceProps) {
  const t = useText('groups');
  const groups = useGroups();
  const data = (groups.data ?? [])
    .filter(({ id }) => !except?.has(id))
    .map(({ id, path }) => ({ value: id, label: path === '/' ? `/ (${t('root')})` : path }));
  return (
    <Select
      label={label}
      data={data}
      value={value}
      onChange={(id) => id !== null && onChange(id)}
      error={groups.isError ? groups.error.message : undefined}
      nothingFoundMessage={t('noSuchGroup')}
      searchable
      allowDeselect={false}
      limit={200}
      data-autofocus={autoFocus}
    />
  );
}
