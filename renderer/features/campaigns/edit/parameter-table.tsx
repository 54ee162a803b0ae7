import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { valueFields } from '../../../../core/contract/campaigns.ts';
import { type ConfigType, configTypes } from '../../../../core/contract/configuration.ts';
import { useText } from '../../../i18n/use-text.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import { type ConfigureDraft, newParameter, type ParameterRow } from './campaign-form.ts';

interface ParameterTableProps {
  readonly draft: ConfigureDraft;
  /** Path of the definition in the body. */
  readonly at: string;
  readonly problems: Problems;
  readonly tried: boolean;
  readonly onChange: (draft: ConfigureDraft) => void;
}

/** Parameters with their types and the values that are asked for. */
export function ParameterTable({ draft, at, problems, tried, onChange }: ParameterTableProps) {
  const t = useText('campaignForm');
  const { parameters } = draft;
  const put = (next: readonly ParameterRow[]): void => onChange({ ...draft, parameters: next });
  const change = (row: number, part: Partial<ParameterRow>): void =>
    put(parameters.map((each) => (each.row === row ? { ...each, ...part } : each)));
  const needed = problems.get(`${at}.assetParameters`);
  return (
    <>
      <div className="parameter-rows">
        {parameters.map((parameter, index) => {
          const { row, key, type, text } = parameter;
          const place = index + 1;
          const atKey = `${at}.assetParameters.${key}`;
          const keyProblem =
            problems.get(`${at.replace(/\.definition$/, '')}.twice.${row}`) ?? problems.get(atKey);
          const valueProblem = problems.get(`${atKey}.${valueFields[type]}`);
          return (
            <div key={row} className="parameter-line">
              <TextInput
                aria-label={t('keyOf', { place })}
                placeholder={t('key')}
                value={key}
                error={tried || key !== '' ? keyProblem : undefined}
                onChange={(event) => change(row, { key: event.currentTarget.value })}
                classNames={{ input: 'mono' }}
                spellCheck={false}
              />
              <Select
                aria-label={t('typeOf', { place })}
                data={[...configTypes]}
                value={type}
                allowDeselect={false}
                onChange={(next) => change(row, { type: (next ?? type) as ConfigType })}
              />
              <TextInput
                aria-label={t('valueOf', { place })}
                placeholder={type === 'BINARY' ? t('base64') : t('value')}
                value={text}
                error={tried || text !== '' ? valueProblem : undefined}
                onChange={(event) => change(row, { text: event.currentTarget.value })}
                classNames={{ input: 'mono' }}
                spellCheck={false}
              />
              <ActionIcon
                aria-label={t('removeParameter', { place })}
                onClick={() => put(parameters.filter((each) => each.row !== row))}
              >
                <IconX size={14} />
              </ActionIcon>
            </div>
          );
        })}
      </div>
      {needed !== undefined && (
        <p className="field-error" role="status">
          {needed}
        </p>
      )}
      <div className="buttons">
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => put([...parameters, newParameter()])}
        >
          {t('addParameter')}
        </Button>
      </div>
    </>
  );
}
