import '../twin.css';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TwinDataRuleJson } from '../../../../core/contract/twin.ts';
import { api } from '../../../api/client.ts';
import { useText } from '../../../i18n/use-text.ts';
import { ConfirmDelete } from '../../../ui/confirm-delete.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { useUrlState } from '../../../ui/use-url-state.ts';
import { EmptyState } from '../../../ui/view-states.tsx';
import { TwinHeader } from '../models/twin-header.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { rulesUrl } from './rules-api.ts';

/** Which reported values become data messages. */
export default function RulesView() {
  const t = useText('twinModels');
  const queries = useQueryClient();
  const [url, setUrl] = useUrlState();
  const query = useQuery({ queryKey: ['twin-rules'], queryFn: () => api.get<TwinDataRuleJson[]>(rulesUrl) });
  const [deleting, setDeleting] = useState<TwinDataRuleJson>();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`${rulesUrl}/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['twin-rules'] }),
  });
  const edited = query.data?.find(({ id }) => id === url.rule);
  const close = (): void => setUrl({ rule: undefined, do: undefined });
  const create = (
    <ReasonButton
      needs="DEVICE_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ do: 'create', rule: undefined })}
    >
      {t('newRule')}
    </ReasonButton>
  );
  return (
    <div className="list-view">
      <TwinHeader at="rules" note={undefined}>
        {query.data?.length !== 0 && create}
      </TwinHeader>
      <div className="list-and-panel">
        <div className="page">
          <p className="dimmed">{t('rulesText')}</p>
          <QueryView query={query} rows={3}>
            {(rules) =>
              rules.length === 0 ? (
                <EmptyState title={t('noRules')} action={create}>
                  {t('noRulesText')}
                </EmptyState>
              ) : (
                <RuleTable
                  rules={rules}
                  onEdit={({ id }) => setUrl({ rule: id, do: undefined })}
                  onDelete={setDeleting}
                />
              )
            }
          </QueryView>
        </div>
        {url.do === 'create' && <RuleEditor key="new" rule={undefined} onClose={close} />}
        {edited && <RuleEditor key={edited.id} rule={edited} onClose={close} />}
      </div>
      {deleting && (
        <ConfirmDelete
          title={t('deleteRule', { name: deleting.name ?? deleting.id })}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await remove.mutateAsync(deleting.id);
            close();
          }}
        >
          <p>{t('deleteRuleText', { paths: deleting.paths.join(', ') })}</p>
        </ConfirmDelete>
      )}
    </div>
  );
}

function RuleTable(props: {
  rules: readonly TwinDataRuleJson[];
  onEdit: (rule: TwinDataRuleJson) => void;
  onDelete: (rule: TwinDataRuleJson) => void;
}) {
  const t = useText('twinModels');
  const common = useText('common');
  return (
    <table className="plain-table" aria-label={t('title_rules')}>
      <thead>
        <tr>
          {(['name', 'type', 'paths', 'created', 'actions'] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rules.map((rule) => (
          <tr key={rule.id}>
            <th scope="row">{rule.name ?? rule.id}</th>
            <td>{rule.type}</td>
            <td className="mono">{rule.paths.join(', ')}</td>
            <td>
              <TimeText time={rule.created} form="full" />
            </td>
            <td>
              <div className="buttons">
                <ReasonButton variant="default" needs="DEVICE_W" onClick={() => props.onEdit(rule)}>
                  {common('edit')}
                </ReasonButton>
                <ReasonButton variant="default" needs="DEVICE_W" onClick={() => props.onDelete(rule)}>
                  {common('delete')}
                </ReasonButton>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
