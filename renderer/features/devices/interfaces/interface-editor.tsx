import { Select, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { findInterfaceKind, interfaceKinds } from '../../../../core/contract/interface-kinds/index.ts';
import type { InterfaceKind } from '../../../../core/contract/interface-kinds/interface-kind.ts';
import { type InterfaceJson, longestDefinition } from '../../../../core/contract/interfaces.ts';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { AsCurl } from '../../../ui/as-curl.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { useLoraSuggestions } from '../../lora/lora-api.ts';
import { useCentre } from '../../sms/centre-api.ts';
import { DefinitionFields } from './definition-fields.tsx';
import {
  type DefinitionValues,
  definitionProblems,
  fieldsOf,
  initialValues,
  patchOf,
  toDefinition,
  toValues,
} from './definition-form.ts';
import { interfaceId, interfacePath, interfacesPath } from './interfaces-api.ts';

interface InterfaceEditorProps {
  readonly deviceId: string;
  /** The interface to change; none: a new one. */
  readonly each?: InterfaceJson;
  readonly onClose: () => void;
}

/** Adds an interface to a device, of any connector, or changes the definition of one. */
export function InterfaceEditor({ deviceId, each, onClose }: InterfaceEditorProps) {
  const t = useText('interfaces');
  const [connector, setConnector] = useState<string>(each?.connector ?? 'mqtt');
  const kind = findInterfaceKind(connector);
  return (
    <SidePanel title={each ? t('edit') : t('add')} onClose={onClose}>
      {!each && (
        <Select
          label={t('connector')}
          data={interfaceKinds.map((offered) => offered.connector)}
          value={connector}
          onChange={(next) => setConnector(next ?? 'mqtt')}
          allowDeselect={false}
        />
      )}
      {kind && (
        <DefinitionForm key={connector} kind={kind} deviceId={deviceId} each={each} onClose={onClose} />
      )}
    </SidePanel>
  );
}

function DefinitionForm(props: {
  kind: InterfaceKind;
  deviceId: string;
  each: InterfaceJson | undefined;
  onClose: () => void;
}) {
  const { kind, deviceId, onClose } = props;
  // As it was when the form was opened: what changes meanwhile is not taken back by saving.
  const [each] = useState(props.each);
  const t = useText('interfaces');
  const common = useText('common');
  const queries = useQueryClient();
  const numbers = useCentre({ enabled: kind.offered !== undefined }).data?.serverPhoneNumbers;
  const fields = useMemo(
    () => fieldsOf(kind, numbers && { smsServerPhoneNumbers: numbers }),
    [kind, numbers],
  );
  const suggestions = useLoraSuggestions(kind.connector === 'lora');
  const [values, setValues] = useState<DefinitionValues>(() =>
    each ? toValues(fields, each.definition) : initialValues(fields),
  );
  const [enabled, setEnabled] = useState(true);
  const problems = definitionProblems(kind, values, {
    kept: each !== undefined,
    needed: common('needed'),
  });
  const definition = each ? patchOf(each.definition, toDefinition(values)) : toDefinition(values);
  const untouched = Object.keys(definition).length === 0;
  const body = each ? { definition } : { connector: kind.connector, enabled, definition };
  const path = each ? interfacePath(deviceId, interfaceId(each)) : interfacesPath(deviceId);
  const tooLong = JSON.stringify(definition).length > longestDefinition;
  const save = useMutation({
    mutationFn: () => (each ? api.patch(path, body) : api.post(path, body)),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['devices'] });
      onClose();
    },
  });
  const fit = problems.size === 0 && !untouched && !tooLong;
  // What the schema says of no field in particular.
  const others = [...problems].filter(([at]) => !fields.some(({ path: known }) => known === at));
  const movesNode = each !== undefined && definition[kind.nodeIdField] !== undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (fit) save.mutate();
      }}
    >
      <DefinitionFields
        fields={fields}
        values={values}
        onChange={setValues}
        problems={problems}
        kept={each !== undefined}
        suggestions={suggestions}
      />
      {!untouched &&
        others.map(([at, text]) => (
          <p key={at} className="field-error" role="status">
            {at}: {text}
          </p>
        ))}
      {tooLong && <p className="field-error">{t('tooLong', { most: longestDefinition })}</p>}
      {!each && (
        <Switch
          label={t('enabled')}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
      )}
      {movesNode && (
        <div className="note" role="status">
          {t('newNode', { field: kind.nodeIdField })}
        </div>
      )}
      <ActionError error={save.error} />
      <FormButtons
        needs="DEVICE_W"
        submit={each ? common('save') : common('create')}
        busy={save.isPending}
        disabled={!fit}
        onCancel={onClose}
      />
      {fit && <AsCurl method={each ? 'PATCH' : 'POST'} path={path} body={body} />}
    </form>
  );
}
