import { Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createResourceRequest } from '../../../core/contract/resources.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createResource } from './repository-api.ts';

/** Makes a resource, to which versions are uploaded then. */
export function CreateResource({
  startWith,
  onClose,
  onCreated,
}: {
  /** Id to begin with. */
  startWith: string | undefined;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const t = useText('resources');
  const common = useText('common');
  const queries = useQueryClient();
  const [form, setForm] = useState({
    resourceId: startWith ?? '',
    label: '',
    description: '',
    secured: false,
  });
  const [tried, setTried] = useState(false);
  const { resourceId, label, description, secured } = form;
  const request = {
    resourceId,
    ...(label !== '' && { label }),
    ...(description !== '' && { description }),
    ...(secured && { metadata: { secured: 'true' } }),
  };
  const problems = problemsOf(createResourceRequest, request, common('needed'));
  const create = useMutation({
    mutationFn: () => createResource(request),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['resources', 'repository'] });
      onCreated(made.resourceId);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size === 0) create.mutate();
  };
  const set = (change: Partial<typeof form>): void => {
    create.reset();
    setForm((before) => ({ ...before, ...change }));
  };
  return (
    <SidePanel title={t('create')} onClose={onClose}>
      <form className="stack" onSubmit={submit} aria-label={t('create')}>
        <TextInput
          label={t('id')}
          description={t('idHint')}
          value={resourceId}
          error={tried ? problems.get('resourceId') : undefined}
          onChange={({ currentTarget }) => set({ resourceId: currentTarget.value.trim() })}
          classNames={{ input: 'mono' }}
        />
        <TextInput
          label={t('label')}
          value={label}
          error={tried ? problems.get('label') : undefined}
          onChange={({ currentTarget }) => set({ label: currentTarget.value })}
        />
        <Textarea
          label={t('description')}
          autosize
          minRows={2}
          value={description}
          error={tried ? problems.get('description') : undefined}
          onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        />
        <Switch
          label={t('secured')}
          description={t('securedHint')}
          checked={secured}
          onChange={({ currentTarget }) => set({ secured: currentTarget.checked })}
        />
        <ActionError error={create.error} />
        <FormButtons submit={t('createDo')} needs="DEVICE_W" busy={create.isPending} onCancel={onClose} />
      </form>
    </SidePanel>
  );
}
