import { Select, TagsInput, TextInput } from '@mantine/core';
import { twinContentFormats, writeModes } from '../../../core/contract/twin.ts';
import { benchOperationTypes } from '../../../core/contract/twin-bench.ts';
import { useText } from '../../i18n/use-text.ts';
import { problemBelow } from '../../ui/form-problems.ts';
import { ConditionFields } from './condition-fields.tsx';
import type { CheckedDraft, ContentFormat, OperationDraft } from './operation-draft.ts';
import type { TwinObject } from './twin-model.ts';
import { ValueFields } from './value-fields.tsx';

interface OperationFieldsProps {
  readonly draft: OperationDraft;
  readonly objects: readonly TwinObject[];
  /** Undefined: what does not fit is not told yet. */
  readonly checked: CheckedDraft | undefined;
  readonly onChange: (change: Partial<OperationDraft>) => void;
}

/** The fields of an operation, those of its type first. */
export function OperationFields(props: OperationFieldsProps) {
  const { draft, checked, onChange } = props;
  const t = useText('twin');
  const { type } = draft;
  const fault = (path: string): string | undefined => checked && problemBelow(checked.problems, path);
  return (
    <>
      <Select
        label={t('type')}
        allowDeselect={false}
        data={benchOperationTypes.map((value) => ({ value, label: t(`type_${value}`) }))}
        value={type}
        onChange={(next) => {
          const chosen = benchOperationTypes.find((each) => each === next);
          if (chosen) onChange({ type: chosen });
        }}
      />
      <PathFields {...props} fault={fault('paths') ?? fault('values.0.path')} />
      {type === 'WRITE' && (
        <Select
          label={t('writeMode')}
          allowDeselect={false}
          data={writeModes.map((value) => ({ value, label: t(`mode_${value}`) }))}
          value={draft.writeMode}
          error={fault('writeMode')}
          onChange={(next) => onChange({ writeMode: next === 'REPLACE' ? 'REPLACE' : 'UPDATE' })}
        />
      )}
      {(type === 'WRITE' || type === 'CREATE') && <ValueFields {...props} />}
      {type === 'EXECUTE' && (
        <TextInput
          label={t('argument')}
          description={t('argumentHint')}
          value={draft.argument}
          classNames={{ input: 'mono' }}
          onChange={({ currentTarget }) => onChange({ argument: currentTarget.value })}
        />
      )}
      {type === 'WRITE-METADATA' && <ConditionFields {...props} fault={fault('values.0.metadata')} />}
      <details className="disclosure">
        <summary>{t('more')}</summary>
        <div className="stack">
          <TextInput
            label={t('attempts')}
            description={t('attemptsHint')}
            inputMode="numeric"
            value={draft.attempts}
            error={fault('policy')}
            onChange={({ currentTarget }) => onChange({ attempts: currentTarget.value })}
          />
          <TextInput
            label={t('contextToken')}
            description={t('contextTokenHint')}
            value={draft.contextToken}
            error={fault('contextToken')}
            onChange={({ currentTarget }) => onChange({ contextToken: currentTarget.value })}
          />
          <div className="two-fields">
            <FormatField
              label={t('requestFormat')}
              value={draft.requestFormat}
              onChange={(requestFormat) => onChange({ requestFormat })}
            />
            <FormatField
              label={t('responseFormat')}
              value={draft.responseFormat}
              onChange={(responseFormat) => onChange({ responseFormat })}
            />
          </div>
        </div>
      </details>
    </>
  );
}

function PathFields({
  draft,
  objects,
  onChange,
  fault,
}: OperationFieldsProps & { fault: string | undefined }) {
  const t = useText('twin');
  const { type, paths } = draft;
  if (type === 'READ') {
    return (
      <TagsInput
        label={t('paths')}
        description={t('pathsHint')}
        data={knownPaths(objects)}
        value={[...paths]}
        error={fault}
        limit={20}
        classNames={{ input: 'mono' }}
        onChange={(next) => onChange({ paths: next })}
      />
    );
  }
  return (
    <TextInput
      label={t('path')}
      description={t(`pathHint_${type}`)}
      value={paths[0] ?? ''}
      error={fault}
      classNames={{ input: 'mono' }}
      onChange={({ currentTarget: { value } }) => onChange({ paths: value === '' ? [] : [value] })}
    />
  );
}

const knownPaths = (objects: readonly TwinObject[]): string[] => [
  ...new Set(
    objects.flatMap(({ objectId, instanceIds }) => [
      `/${objectId}`,
      ...instanceIds.map((id) => `/${objectId}/${id}`),
    ]),
  ),
];

function FormatField(props: {
  label: string;
  value: ContentFormat | undefined;
  onChange: (value: ContentFormat | undefined) => void;
}) {
  const t = useText('twin');
  return (
    <Select
      label={props.label}
      placeholder={t('byDefault')}
      clearable
      data={[...twinContentFormats]}
      value={props.value ?? null}
      onChange={(next) => props.onChange(twinContentFormats.find((format) => format === next))}
    />
  );
}
