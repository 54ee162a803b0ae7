import { Checkbox, MultiSelect, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { connectorNames } from '../../../core/contract/connectors.ts';
import type { ActionPolicy } from '../../../core/contract/routing.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { checkPolicy, emptyPolicy, type PolicyForm, toForm, toInput } from './policy-form-model.ts';
import { PolicySentence } from './policy-sentence.tsx';
import { createPolicy, policiesUrl, replacePolicy, useFifos } from './routing-api.ts';

interface PolicyEditorProps {
  /** The policy to change; none: a new one. */
  readonly policy: ActionPolicy | undefined;
  readonly onClose: () => void;
}

/** Makes or changes a policy: the form, what it says in words, and the same as a call. */
export function PolicyEditor({ policy, onClose }: PolicyEditorProps) {
  const t = useText('routing');
  const common = useText('common');
  const queries = useQueryClient();
  const fifos = useFifos();
  const [form, setForm] = useState<PolicyForm>(policy ? toForm(policy) : emptyPolicy);
  const change = (part: Partial<PolicyForm>) => setForm({ ...form, ...part });
  const checked = checkPolicy(form);
  const touched = form.fifos.length > 0;
  const save = useMutation({
    mutationFn: async () => {
      if (!('policy' in checked)) return;
      if (policy) await replacePolicy(policy.id, checked.policy);
      else await createPolicy(checked.policy);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['policies'] }),
        queries.invalidateQueries({ queryKey: ['fifos'] }),
      ]);
      onClose();
    },
  });
  const path = `${policiesUrl}${policy ? `/${encodeURIComponent(policy.id)}` : ''}`;
  return (
    <SidePanel title={policy ? t('editPolicy') : t('newPolicy')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if ('policy' in checked) save.mutate();
        }}
      >
        <TextInput
          label={t('name')}
          value={form.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TagsInput
          label={t('fifos')}
          description={t('fifosHint')}
          data={fifos.data?.map(({ name }) => name) ?? []}
          value={[...form.fifos]}
          onChange={(names) => change({ fifos: names })}
          acceptValueOnBlur
          required
        />
        {!form.otherTrigger && (
          <>
            <MultiSelect
              label={t('connectors')}
              description={t('connectorsHint')}
              data={[...connectorNames]}
              value={[...form.connectors]}
              onChange={(connectors) => change({ connectors })}
            />
            <TagsInput
              label={t('deviceIds')}
              description={t('deviceIdsHint')}
              value={[...form.deviceIds]}
              onChange={(deviceIds) => change({ deviceIds })}
              acceptValueOnBlur
            />
            <TagsInput
              label={t('groupPaths')}
              description={t('groupPathsHint')}
              value={[...form.groups]}
              onChange={(groups) => change({ groups })}
              acceptValueOnBlur
            />
            <TagsInput
              label={t('tagLists')}
              description={t('tagListsHint')}
              value={[...form.tags]}
              onChange={(tags) => change({ tags })}
              acceptValueOnBlur
            />
          </>
        )}
        <Checkbox
          label={t('onlySubscribed')}
          checked={form.noRetention}
          onChange={(event) => change({ noRetention: event.currentTarget.checked })}
        />
        <Checkbox
          label={t('enabled')}
          checked={form.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        {'policy' in checked && <PolicySentence policy={checked.policy} />}
        {'problem' in checked && touched && (
          <p className="field-error" role="status">
            {checked.problem}
          </p>
        )}
        <ActionError error={save.error} />
        <FormButtons
          submit={policy ? common('save') : common('create')}
          needs="BUS_CONFIG_W"
          busy={save.isPending}
          disabled={!('policy' in checked)}
          onCancel={onClose}
        />
        <AsCurl method={policy ? 'PUT' : 'POST'} path={path} body={toInput(form)} />
      </form>
    </SidePanel>
  );
}
