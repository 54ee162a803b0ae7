import { IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { DeclareFifo } from './declare-fifo.tsx';
import { FifoTable } from './fifo-table.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { PolicyList } from './policy-list.tsx';
import { useFifos, usePolicies } from './routing-api.ts';

export default function RoutingView() {
  const t = useText('routing');
  const [url, setUrl] = useUrlState();
  const policies = usePolicies();
  const fifos = useFifos();
  const fifoPart = useRef<HTMLElement>(null);
  const edited = policies.data?.find(({ id }) => id === url.policy);
  const add = (
    <ReasonButton
      needs="BUS_CONFIG_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ create: 'yes' })}
    >
      {t('newPolicy')}
    </ReasonButton>
  );
  return (
    <div className="list-and-panel">
      <div className="page">
        <ViewHeader
          title={t('title')}
          note={
            fifos.data &&
            fifos.data.length > 0 && (
              // Below many policies nobody would look for them.
              <button type="button" className="link" onClick={() => fifoPart.current?.scrollIntoView()}>
                {t('toFifos', { count: fifos.data.length })}
              </button>
            )
          }
        >
          {policies.data?.length !== 0 && add}
        </ViewHeader>
        <section className="page-part">
          <h2>
            {t('policies')} <span className="dimmed">{t('policiesNote')}</span>
          </h2>
          <QueryView query={policies} rows={3}>
            {(data) =>
              data.length === 0 ? (
                <EmptyState title={t('noPolicies')} action={add}>
                  {t('noPoliciesText')}
                </EmptyState>
              ) : (
                <PolicyList policies={data} onEdit={(policy) => setUrl({ policy, create: undefined })} />
              )
            }
          </QueryView>
        </section>
        <section className="page-part" ref={fifoPart}>
          <div className="part-title">
            <h2>{t('fifoTitle')}</h2>
            {fifos.data?.length !== 0 && <DeclareFifo />}
          </div>
          <QueryView query={fifos} rows={3}>
            {(data) =>
              data.length === 0 ? (
                <EmptyState title={t('noFifos')} action={<DeclareFifo />}>
                  {t('noFifosText')}
                </EmptyState>
              ) : (
                <FifoTable fifos={data} policies={policies.data ?? []} />
              )
            }
          </QueryView>
        </section>
      </div>
      {(url.create === 'yes' || edited) && (
        <PolicyEditor
          key={edited?.id ?? 'new'}
          policy={edited}
          onClose={() => setUrl({ create: undefined, policy: undefined })}
        />
      )}
    </div>
  );
}
