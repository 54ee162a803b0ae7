import { Button, Group, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import type { Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createKey } from './keys-api.ts';
import { RoleChoice } from './role-choice.tsx';
import { presets } from './role-groups.ts';

export function KeyEditor(props: { onClose: () => void; onCreated: (key: ApiKeyJson) => void }) {
  const t = useText('access');
  const common = useText('common');
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [description, setDescription] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(presets.device);
  const [fifos, setFifos] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      createKey({
        label,
        roles,
        ...(description === '' ? {} : { description }),
        ...(fifos.length === 0 ? {} : { scope: { fifos } }),
      }),
    onSuccess: async (key) => {
      props.onCreated(key);
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <SidePanel title={t('newKey')} onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          label={t('label')}
          description={t('labelHint')}
          maxLength={24}
          required
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label={t('description')}
          maxLength={140}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <RoleChoice value={roles} onChange={setRoles} />
        {roles.some((role) => role.startsWith('BUS_') && !role.startsWith('BUS_C')) && (
          <TagsInput
            label={t('scope')}
            description={t('scopeHint')}
            value={fifos}
            onChange={setFifos}
            acceptValueOnBlur
          />
        )}
        <ActionError error={create.error} />
        <Group gap="xs">
          <Button type="submit" loading={create.isPending} disabled={label === '' || roles.length === 0}>
            {common('create')}
          </Button>
          <Button variant="default" onClick={props.onClose}>
            {common('cancel')}
          </Button>
        </Group>
      </form>
    </SidePanel>
  );
}
