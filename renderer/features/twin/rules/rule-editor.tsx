import { TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type TwinDataRuleJson, twinDataRuleRequest } from '../../../../core/contract/twin.ts';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { AsCurl } from '../../../ui/as-curl.tsx';
import { FormButtons } from '../../../ui/form-buttons.tsx';
import { problemBelow, problemsOf } from '../../../ui/form-problems.ts';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { ActionError } from '../../../ui/view-states.tsx';
import { rulesUrl } from './rules-api.ts';

interface RuleEditorProps {
  /** Undefined: a new one. */
  readonly rule: TwinDataRuleJson | undefined;
  readonly onClose: () => void;
}

/** Makes a data rule, or changes one. */
export function RuleEditor({ rule, onClose }: RuleEditorProps) {
  const t = useText('twinModels');
  const common = useText('common');
  const queries = useQueryClient();
  const [name, setName] = useState(rule?.name ?? '');
  const [paths, setPaths] = useState<string[]>(rule?.paths ?? ['/']);
  const [tried, setTried] = useState(false);
  const request = { ...(name !== '' && { name }), type: 'PASSTHROUGH' as const, paths };
  const problems = problemsOf(twinDataRuleRequest, request, common('needed'));
  const path = rule ? `${rulesUrl}/${rule.id}` : rulesUrl;
  const save = useMutation({
    mutationFn: () => (rule ? api.put(path, request) : api.post(path, request)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['twin-rules'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) save.mutate();
  };
  const title = rule ? (rule.name ?? rule.id) : t('newRule');
  return (
    <SidePanel title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit} aria-label={title}>
        <TextInput
          label={t('name')}
          value={name}
          error={tried && problems.get('name')}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TagsInput
          label={t('paths')}
          description={t('pathsHint')}
          value={paths}
          error={tried && problemBelow(problems, 'paths')}
          classNames={{ input: 'mono' }}
          onChange={setPaths}
        />
        <ActionError error={save.error} />
        <FormButtons
          submit={rule ? common('save') : common('create')}
          needs="DEVICE_W"
          busy={save.isPending}
          onCancel={onClose}
        />
      </form>
      <AsCurl method={rule ? 'PUT' : 'POST'} path={path} body={request} />
    </SidePanel>
  );
}
