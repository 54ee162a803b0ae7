import { ActionIcon, Switch } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActionPolicy } from '../../../core/contract/routing.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { ReasonIcon } from '../../ui/reason-icon.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { PolicySentence } from './policy-sentence.tsx';
import { deletePolicy, enablePolicy, useFifos } from './routing-api.ts';

interface PolicyListProps {
  readonly policies: readonly ActionPolicy[];
  readonly onEdit: (id: string) => void;
}

export function PolicyList({ policies, onEdit }: PolicyListProps) {
  const [deleting, setDeleting] = useState<ActionPolicy>();
  return (
    <>
      <ul className="policies">
        {policies.map((policy) => (
          <PolicyLine key={policy.id} policy={policy} onEdit={onEdit} onDelete={setDeleting} />
        ))}
      </ul>
      {deleting && <DeletePolicy policy={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function PolicyLine(props: {
  policy: ActionPolicy;
  onEdit: (id: string) => void;
  onDelete: (policy: ActionPolicy) => void;
}) {
  const { policy } = props;
  const t = useText('routing');
  const common = useText('common');
  const queries = useQueryClient();
  const lack = useLack('BUS_CONFIG_W');
  const name = policy.name || t('unnamed');
  const toggle = useMutation({
    mutationFn: (enabled: boolean) => enablePolicy(policy.id, enabled),
    onSettled: () => queries.invalidateQueries({ queryKey: ['policies'] }),
  });
  return (
    <li className={policy.enabled ? 'policy' : 'policy policy-off'}>
      <Switch
        checked={toggle.isPending ? toggle.variables : policy.enabled}
        onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        disabled={lack !== undefined}
        title={lack}
        aria-label={t('switchPolicy', { name })}
      />
      <div className="policy-text">
        <strong>{name}</strong> {!policy.enabled && <span className="dimmed">{common('disabled')}</span>}
        <PolicySentence policy={policy} />
        <ActionError error={toggle.error} />
      </div>
      <ActionIcon aria-label={`${common('edit')} ${name}`} onClick={() => props.onEdit(policy.id)}>
        <IconPencil size={16} />
      </ActionIcon>
      <ReasonIcon
        label={`${common('delete')} ${name}`}
        needs="BUS_CONFIG_W"
        onClick={() => props.onDelete(policy)}
      >
        <IconTrash size={16} />
      </ReasonIcon>
    </li>
  );
}

function DeletePolicy({ policy, onClose }: { policy: ActionPolicy; onClose: () => void }) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const fifos = useFifos();
  const named = policy.actions.fifoPublish.map(({ fifoName }) => fifoName);
  const orphans = (fifos.data ?? []).filter(
    (fifo) => named.includes(fifo.name) && fifo.policies.every((id) => id === policy.id),
  );
  return (
    <ConfirmDelete
      title={t('deletePolicyTitle', { name: policy.name || t('unnamed') })}
      onClose={onClose}
      onConfirm={async () => {
        await deletePolicy(policy.id);
        await Promise.all([
          queries.invalidateQueries({ queryKey: ['policies'] }),
          queries.invalidateQueries({ queryKey: ['fifos'] }),
        ]);
      }}
    >
      <p>{t('deletePolicyText', { fifos: named.join(', ') })}</p>
      {orphans.length > 0 && (
        <p>
          {t('deletePolicyFifos', {
            fifos: orphans
              .map(({ name, messages }) => t('fifoWaiting', { name, total: count(messages, language) }))
              .join(', '),
          })}
        </p>
      )}
    </ConfirmDelete>
  );
}
