import { useMemo } from 'react';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { jsonFault } from '../../ui/json-fault.ts';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { type FifoContent, readContent } from './fifo-content.ts';
import { useWaiting, type WaitingMessage } from './routing-api.ts';

interface Row extends WaitingMessage {
  readonly position: number;
  readonly content: FifoContent;
}

const besidePanel: ReadonlySet<string> = new Set(['position', 'device', 'body']);
const rowKey = ({ position }: Row): string => String(position);

/** A look into a FIFO that takes nothing out. */
export function WaitingMessages({ name }: { name: string }) {
  const t = useText('routing');
  const query = useWaiting(name);
  const [url, setUrl] = useUrlState();
  const columns = useMemo(
    (): Column<Row>[] => [
      {
        id: 'position',
        header: t('position'),
        width: '56px',
        numeric: true,
        cell: ({ position }) => position,
      },
      {
        id: 'type',
        header: t('type'),
        width: '108px',
        cell: ({ content }) => <span className="ellipsis">{content.type}</span>,
      },
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(104px, 190px)',
        cell: ({ content: { device, simulated } }) =>
          device !== undefined && (
            <>
              <IdText id={device} to={deviceHref(device)} />
              {simulated && <SimulatedMark short />}
            </>
          ),
      },
      {
        id: 'body',
        header: t('content'),
        width: 'minmax(120px, 1fr)',
        cell: ({ content }) => (
          <span className="ellipsis mono" title={content.summary}>
            {content.summary}
          </span>
        ),
      },
      { id: 'bytes', header: t('size'), width: '80px', numeric: true, cell: (row) => bytes(row.bytes) },
      {
        id: 'expires',
        header: t('expires'),
        width: '196px',
        cell: ({ expires }) => <TimeText time={expires} form="full" />,
      },
    ],
    [t],
  );
  return (
    <section className="page-part">
      <h2>
        {t('peek')} <span className="dimmed">{t('peekNote')}</span>
      </h2>
      <Permitted needs="BUS_R">
        <QueryView query={query} rows={4}>
          {(messages) => {
            if (messages.length === 0)
              return <EmptyState title={t('peekEmpty')}>{t('peekEmptyText')}</EmptyState>;
            const rows = messages.map((message, index) => ({
              ...message,
              position: index + 1,
              content: readContent(message.body),
            }));
            const opened = rows.find(({ position }) => String(position) === url.position);
            // What the panel tells as well leaves its room to the rest.
            const shown = opened ? columns.filter(({ id }) => besidePanel.has(id)) : columns;
            return (
              <div className="list-and-panel peek">
                <VirtualTable
                  label={t('peek')}
                  rows={rows}
                  columns={shown}
                  rowKey={rowKey}
                  selected={url.position}
                  onOpen={({ position }) => setUrl({ position: String(position) })}
                />
                {opened && (
                  <SidePanel
                    title={`${t('content')} ${opened.position}`}
                    onClose={() => setUrl({ position: undefined })}
                  >
                    <CodeBlock text={pretty(opened.body)} what={t('content')} wrap />
                  </SidePanel>
                )}
              </div>
            );
          }}
        </QueryView>
      </Permitted>
    </section>
  );
}

const pretty = (text: string): string =>
  jsonFault(text) === undefined ? JSON.stringify(JSON.parse(text), null, 2) : text;
