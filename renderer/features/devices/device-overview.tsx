import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count, measured } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { Chart } from '../../ui/chart.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { stringifySearch } from '../../ui/search-params.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { newestOf } from '../messages/message-order.ts';
import { useDeviceMessages } from '../messages/messages-api.ts';
import { type FieldSeries, numericFields, otherFields } from '../messages/numeric-fields.ts';
import { DeviceLocation } from './device-location.tsx';
import type { DeviceTabProps } from './device-tab-props.ts';
import { InterfaceSummary } from './interfaces/interface-summary.tsx';

const mostCharts = 24;

export default function DeviceOverview({ device, live }: DeviceTabProps) {
  const t = useText('devices');
  const language = usePreferences((state) => state.language);
  const query = useDeviceMessages(device.id);
  const messages = useMemo(() => {
    const known = new Map(query.data?.messages.map((message) => [message.id, message]));
    for (const entry of live.entries) if (entry.kind === 'message') known.set(entry.key, entry.message);
    return [...known.values()];
  }, [query.data, live.entries]);
  const fields = useMemo(() => numericFields(messages).slice(0, mostCharts), [messages]);
  const latest = useMemo(() => newestOf(messages), [messages]);
  const words = useMemo(() => otherFields(latest?.value).slice(0, mostCharts), [latest]);
  return (
    <div className="overview">
      <section className="overview-values">
        <h2>
          {t('values')} {latest && <TimeText time={latest.timestamp} form="relative" />}
        </h2>
        <Permitted needs="DATA_R">
          <QueryView query={query} rows={4}>
            {() =>
              fields.length + words.length === 0 ? (
                <p className="dimmed">{t('valuesNone')}</p>
              ) : (
                <div className="value-charts">
                  {fields.map((field) => (
                    <ValueChart key={field.path} field={field} />
                  ))}
                  {words.map(({ path, text }) => (
                    <figure key={path} className="value-chart">
                      <figcaption>
                        <span className="ellipsis">{path}</span>
                        <strong className="ellipsis" title={text}>
                          {text}
                        </strong>
                      </figcaption>
                    </figure>
                  ))}
                </div>
              )
            }
          </QueryView>
        </Permitted>
        {latest && (
          <div className="last-message">
            <h2 className="part-title">
              {t('lastMessage')}
              <Link to="/messages" search={{ message: latest.id } as never} className="link">
                {t('itsWay')}
              </Link>
            </h2>
            <CodeBlock text={JSON.stringify(latest, null, 2)} what={t('lastMessage')} wrap />
          </div>
        )}
      </section>
      <section>
        <h2>{t('interfaces')}</h2>
        {device.interfaces?.length ? (
          device.interfaces.map((each) => (
            <InterfaceSummary key={`${each.connector} ${each.nodeId}`} device={device.id} each={each} />
          ))
        ) : (
          <p className="dimmed">{t('noInterfaces')}</p>
        )}
        <Facts device={device} />
        <DeviceLocation declared={device.staticLocation} last={latest?.location} />
        {query.data && query.data.streams.length > 0 && (
          <>
            <h2>{t('streams')}</h2>
            <ul className="plain">
              {query.data.streams.map(({ streamId, count: total }) => (
                <li key={streamId}>
                  <span className="stream-line">
                    <IdText
                      id={streamId}
                      to={`/messages${stringifySearch({ stream: streamId })}`}
                      what={t('streamId')}
                    />
                    <span className="dimmed">
                      {t('streamCount', { count: total, total: count(total, language) })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
    </div>
  );
}

function ValueChart({ field }: { field: FieldSeries }) {
  const t = useText('messages');
  const last = field.values.at(-1) ?? 0;
  return (
    <figure className="value-chart">
      <figcaption>
        <span className="ellipsis">{field.path}</span>
        <strong>{measured(last)}</strong>
      </figcaption>
      <Chart
        bare
        label={`${field.path}, ${t('points', { count: field.values.length })}`}
        times={field.times}
        series={[{ label: field.path, values: field.values }]}
        height={48}
      />
    </figure>
  );
}

function Facts({ device }: { device: DeviceJson }) {
  const t = useText('devices');
  const facts: [string, React.ReactNode][] = [
    [t('description'), device.description],
    [t('defaultStream'), device.defaultDataStreamId],
    [t('created'), device.created && <TimeText time={device.created} form="full" />],
    [t('updated'), device.updated && <TimeText time={device.updated} form="full" />],
    ...Object.entries(device.properties ?? {}).map(([name, value]): [string, React.ReactNode] => [
      name,
      value,
    ]),
  ];
  return (
    <>
      <h2>{t('properties')}</h2>
      <dl className="facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
