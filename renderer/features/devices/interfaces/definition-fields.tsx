import { Autocomplete, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useText } from '../../../i18n/use-text.ts';
import { type Problems, problemBelow } from '../../../ui/form-problems.ts';
import type { DefinitionField, DefinitionValues } from './definition-form.ts';

interface DefinitionFieldsProps {
  readonly fields: readonly DefinitionField[];
  readonly values: DefinitionValues;
  readonly onChange: (values: DefinitionValues) => void;
  readonly problems: Problems;
  /** True for an interface that exists: its secrets may be left empty. */
  readonly kept: boolean;
  /** What the platform knows that a text can be, by the path of its field; another text may be right too. */
  readonly suggestions?: Suggestions;
}

export type Suggestions = Readonly<Record<string, readonly string[]>>;

/** The definition of an interface, field by field under the names that the API has for them. */
export function DefinitionFields(props: DefinitionFieldsProps) {
  const { fields, values, onChange, problems, kept, suggestions = {} } = props;
  const t = useText('interfaces');
  return fields.map(({ path, kind, choices, required, secret }) => {
    const value = values[path];
    const put = (next: string | boolean): void => onChange({ ...values, [path]: next });
    // An empty field that is needed has its star; a complaint before anything was typed helps nobody.
    const error = value === undefined && required ? undefined : problemBelow(problems, path);
    if (kind === 'flag') {
      return (
        <Switch
          key={path}
          label={path}
          checked={value === true}
          onChange={(event) => put(event.currentTarget.checked)}
        />
      );
    }
    const common = { label: path, error, withAsterisk: required && !(secret && kept) };
    if (kind === 'choice') {
      return (
        <Select
          key={path}
          {...common}
          data={[...choices]}
          value={typeof value === 'string' && value !== '' ? value : null}
          onChange={(next) => put(next ?? '')}
          clearable
        />
      );
    }
    const text = typeof value === 'string' ? value : '';
    if (secret) {
      return (
        <PasswordInput
          key={path}
          {...common}
          size="xs"
          autoComplete="off"
          description={t(kept ? 'secretKept' : 'secretHint')}
          value={text}
          onChange={(event) => put(event.currentTarget.value)}
        />
      );
    }
    const known = suggestions[path];
    if (known) {
      return (
        <Autocomplete
          key={path}
          {...common}
          data={[...known]}
          filter={({ options }) => options}
          value={text}
          spellCheck={false}
          onChange={put}
        />
      );
    }
    return (
      <TextInput
        key={path}
        {...common}
        value={text}
        spellCheck={false}
        onChange={(event) => put(event.currentTarget.value)}
      />
    );
  });
}
