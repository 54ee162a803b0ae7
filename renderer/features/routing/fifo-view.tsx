import { IconDropletOff, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { useEndpoints } from '../../app/endpoints.tsx';
import { usePreferences } from '../../app/preferences.ts';
import { bytes, count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { keyPlaceholder } from '../../ui/curl.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ErrorState } from '../../ui/view-states.tsx';
import { DrainFifo } from './drain-fifo.tsx';
import { FifoActivityPanel } from './fifo-activity.tsx';
import { PublishForm } from './publish-form.tsx';
import { deleteFifo, type Fifo, useFifos, usePolicies } from './routing-api.ts';
import { WaitingMessages } from './waiting-messages.tsx';

/** One FIFO: what waits in it, and ways to put something in and to take it out. */
export default function FifoView() {
  const { name = '' } = useParams({ strict: false }) as { name?: string };
  const query = useFifos();
  const shell = useText('shell');
  return (
    <QueryView query={query}>
      {(fifos) => {
        const fifo = fifos.find((each) => each.name === name);
        if (fifo) return <FifoPage key={name} fifo={fifo} />;
        const error = new ApiError(404, 'FIFO_NOT_FOUND', `There is no FIFO ${name}.`);
        const way = (
          <Link to="/routing" className="link">
            {shell('routing')}
          </Link>
        );
        return <ErrorState error={error} way={way} />;
      }}
    </QueryView>
  );
}

function FifoPage({ fifo }: { fifo: Fifo }) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  const policies = usePolicies();
  const endpoints = useEndpoints();
  const [deleting, setDeleting] = useState(false);
  const [draining, setDraining] = useState(false);
  const [drained, setDrained] = useState<number>();
  const live = useLive((snapshot) => snapshot.fifos).get(fifo.name);
  const messages = live?.messages ?? fifo.messages;
  const consumers = live?.consumers ?? fifo.consumers;
  const unacknowledged = live?.unacknowledged ?? fifo.messageUnacknowledged;
  const names = fifo.policies.map((id) => policies.data?.find((policy) => policy.id === id)?.name || id);
  const mqtt = endpoints.data?.mqtt === undefined ? undefined : new URL(endpoints.data.mqtt);
  const facts: [string, string][] = [
    [t('waiting'), count(messages, language)],
    [t('unacknowledged'), count(unacknowledged, language)],
    [t('size'), bytes(fifo.messageBytes)],
    [t('consumers'), count(consumers, language)],
    [t('fedBy'), names.length === 0 ? t('nobody') : names.join(', ')],
  ];
  return (
    <div className="page">
      <ViewHeader title={<span className="mono">fifo/{fifo.name}</span>}>
        <span role="status" className="dimmed">
          {drained !== undefined && t('drained', { count: drained, total: count(drained, language) })}
        </span>
        <ReasonButton
          needs="BUS_CONFIG_W"
          variant="default"
          leftSection={<IconDropletOff size={14} aria-hidden />}
          disabled={messages === 0}
          onClick={() => setDraining(true)}
        >
          {t('drain')}
        </ReasonButton>
        <ReasonButton
          needs="BUS_CONFIG_W"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() => setDeleting(true)}
        >
          {t('deleteFifo')}
        </ReasonButton>
      </ViewHeader>
      <dl className="figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <FifoActivityPanel name={fifo.name} />
      <WaitingMessages name={fifo.name} />
      <div className="two-columns">
        <PublishForm name={fifo.name} />
        {mqtt && (
          <section>
            <h2>{t('consume')}</h2>
            <CodeBlock
              what={t('consume')}
              wrap
              text={`mosquitto_sub -h ${mqtt.hostname} -p ${mqtt.port || 1883} -u application -P ${keyPlaceholder} \\\n  -q 1 -t fifo/${fifo.name}`}
            />
          </section>
        )}
      </div>
      {draining && (
        <DrainFifo
          name={fifo.name}
          messages={messages}
          messageBytes={fifo.messageBytes}
          unacknowledged={unacknowledged}
          onClose={() => setDraining(false)}
          onDrained={setDrained}
        />
      )}
      {deleting && (
        <DeleteFifo
          name={fifo.name}
          messages={messages}
          consumers={consumers}
          policies={names}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}

function DeleteFifo(props: {
  name: string;
  messages: number;
  consumers: number;
  policies: readonly string[];
  onClose: () => void;
}) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { name, messages, consumers, policies } = props;
  return (
    <ConfirmDelete
      title={t('deleteFifoTitle', { name })}
      onClose={props.onClose}
      onConfirm={async () => {
        await deleteFifo(name);
        await navigate({ to: '/routing' });
        await queries.invalidateQueries({ queryKey: ['fifos'] });
      }}
    >
      <p>{t('deleteFifoText', { count: messages })}</p>
      {consumers > 0 && <p>{t('deleteFifoConsumers', { total: count(consumers, language) })}</p>}
      {policies.length > 0 && <p>{t('deleteFifoLinked', { policies: policies.join(', ') })}</p>}
    </ConfirmDelete>
  );
}
