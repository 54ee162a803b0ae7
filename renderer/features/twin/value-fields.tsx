import { ActionIcon, Autocomplete, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import type { CheckedDraft, DraftValue, OperationDraft } from './operation-draft.ts';
import { allows, type ResourceModel, resourceAt, type TwinObject } from './twin-model.ts';
import { idsOf } from './twin-path.ts';

interface ValueFieldsProps {
  readonly draft: OperationDraft;
  readonly objects: readonly TwinObject[];
  readonly checked: CheckedDraft | undefined;
  readonly onChange: (change: Partial<OperationDraft>) => void;
}

/** The values that are written, each in a field of its type. */
export function ValueFields({ draft, objects, checked, onChange }: ValueFieldsProps) {
  const t = useText('twin');
  const { values } = draft;
  const change = (index: number, next: DraftValue): void =>
    onChange({ values: values.map((each, at) => (at === index ? next : each)) });
  return (
    <fieldset className="form-part twin-values">
      <legend>{t('values')}</legend>
      {values.length === 0 && draft.type === 'CREATE' && <p className="dimmed flat">{t('valueNone')}</p>}
      {checked?.problems.get('values') !== undefined && (
        <p className="field-error flat" role="alert">
          {checked.problems.get('values')}
        </p>
      )}
      {values.map((value, index) => {
        const problem = checked?.valueProblems.get(index);
        const model = resourceAt(objects, value.path);
        const range = model?.range ?? '';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path may be typed, and be the same for a moment
          <div key={index} className="twin-value-line">
            <ValueField
              value={value}
              model={model}
              error={problem && t(`problem_${problem}`, { range })}
              onChange={(text) => change(index, { ...value, text })}
            />
            <ActionIcon
              aria-label={t('removeValue', { path: value.path })}
              onClick={() => onChange({ values: values.filter((_, at) => at !== index) })}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </div>
        );
      })}
      <AddValue draft={draft} objects={objects} onAdd={(added) => onChange({ values: [...values, added] })} />
    </fieldset>
  );
}

interface ValueFieldProps {
  readonly value: DraftValue;
  readonly model: ResourceModel | undefined;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}

function ValueField({ value, model, error, onChange }: ValueFieldProps) {
  const t = useText('twin');
  const label = `${model?.name ?? t('unknownResource')} · ${value.path}`;
  if (model?.type === 'BOOLEAN') {
    return (
      <div className="twin-flag">
        <span className="field-label">{label}</span>
        <SegmentedControl
          aria-label={label}
          data={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
          value={value.text === 'true' ? 'true' : 'false'}
          onChange={onChange}
        />
      </div>
    );
  }
  const numeric = model?.type === 'INTEGER' || model?.type === 'UNSIGNED_INTEGER' || model?.type === 'FLOAT';
  return (
    <TextInput
      label={label}
      description={<HintOf model={model} />}
      value={value.text}
      error={error}
      inputMode={numeric ? 'decimal' : 'text'}
      classNames={{ input: 'mono' }}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function HintOf({ model }: { model: ResourceModel | undefined }) {
  const t = useText('twin');
  const hints = { OPAQUE: 'bytesHint', TIME: 'timeHint', OBJLNK: 'linkHint' } as const;
  const { type = 'STRING', units, range } = model ?? {};
  const special = type === 'OPAQUE' || type === 'TIME' || type === 'OBJLNK' ? t(hints[type]) : undefined;
  const parts = [type.toLowerCase().replace('_', ' '), units, range && `${t('range')} ${range}`, special];
  return parts.filter(Boolean).join(' · ');
}

/** Offers the resources that can be written below the path of the operation; for one of several values its id is added. */
function AddValue(props: {
  draft: OperationDraft;
  objects: readonly TwinObject[];
  onAdd: (value: DraftValue) => void;
}) {
  const t = useText('twin');
  const [path, setPath] = useState('');
  const isPath = /^(\/\d{1,5}){3,4}$/.test(path);
  const add = (): void => {
    if (!isPath) return;
    props.onAdd({ path, text: resourceAt(props.objects, path)?.type === 'BOOLEAN' ? 'false' : '' });
    setPath('');
  };
  return (
    <div className="twin-value-line">
      <Autocomplete
        label={t('valuePath')}
        placeholder="/3/0/14"
        data={offered(props.draft, props.objects)}
        value={path}
        classNames={{ input: 'mono' }}
        onChange={setPath}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
      />
      <Button
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={!isPath}
        onClick={add}
      >
        {t('addValue')}
      </Button>
    </div>
  );
}

function offered({ type, paths, values }: OperationDraft, objects: readonly TwinObject[]): string[] {
  const [target = '/'] = paths;
  const [objectId, instanceId, resourceId] = idsOf(target);
  const given = new Set(values.map(({ path }) => path));
  const found = objects
    .filter((object) => objectId === undefined || object.objectId === objectId)
    .flatMap((object) => {
      const instances = instanceId === undefined ? object.instanceIds : [instanceId];
      const resources = (object.model?.resources ?? []).filter(
        (resource) =>
          resource.type !== 'NONE' &&
          (type === 'CREATE' || allows(resource, 'WRITE')) &&
          (resourceId === undefined || resource.id === resourceId),
      );
      return instances.flatMap((instance) =>
        resources.map(({ id, multiple }) => `/${object.objectId}/${instance}/${id}${multiple ? '/0' : ''}`),
      );
    });
  return [...new Set(found)].filter((path) => !given.has(path));
}
