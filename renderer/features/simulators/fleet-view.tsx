import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type {
  FleetView as Fleet,
  FleetConnector,
  SimulatedDeviceView,
} from '../../../core/contract/simulators.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { AnswerList } from './answer-list.tsx';
import { FleetControls } from './fleet-controls.tsx';
import { FleetFigures } from './fleet-figures.tsx';
import { type FleetForm, toFleetForm } from './fleet-form.ts';
import { FleetState } from './fleet-state.tsx';
import { idName } from './id-name.ts';
import { SimulatedDevicePanel } from './simulated-device-panel.tsx';
import { simulatedPageSize, useFleet, useSimulatedDevices } from './simulators-api.ts';
import { SmscStatus } from './smsc-status.tsx';

/** What of a fleet stands above its devices. */
const shownParts = {
  mqtt: { title: 'responders', part: 'responders' },
  'x-connector': { title: 'responders', part: 'responders' },
  lwm2m: { title: 'deviceJson', part: 'device' },
  lora: { title: 'networkJson', part: 'network' },
  sms: { title: 'handsetJson', part: 'handset' },
} as const satisfies Record<FleetConnector, { title: string; part: keyof FleetForm }>;

/** What counts as an error, and what as left out, is not the same by each way to connect. */
const figuresOf = {
  mqtt: 'connection',
  'x-connector': 'connection',
  lwm2m: 'connection',
  lora: 'lora',
  sms: 'sms',
} as const satisfies Record<FleetConnector, string>;

const besideDevice = ['number', 'client', 'state', 'sent'];
const rowKey = ({ number }: SimulatedDeviceView): string => String(number);

/** One fleet and its devices. */
export default function FleetView() {
  const { fleetId = '' } = useParams({ strict: false }) as { fleetId?: string };
  const query = useFleet(fleetId);
  const shell = useText('shell');
  const way = (
    <Link to="/simulators" className="link">
      {shell('simulators')}
    </Link>
  );
  return (
    <QueryView query={query} way={way}>
      {(fleet) => <FleetPage fleet={fleet} at={query.dataUpdatedAt} />}
    </QueryView>
  );
}

function FleetPage({ fleet, at }: { fleet: Fleet; at: number }) {
  const t = useText('simulators');
  const answersText = useText('answers');
  const language = usePreferences((state) => state.language);
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const page = Number(url.page ?? 0) || 0;
  const devices = useSimulatedDevices(fleet.id, page * simulatedPageSize);
  const number = url.number === undefined ? undefined : Number(url.number);
  const { connector } = fleet.template;
  const all = useMemo(
    (): Column<SimulatedDeviceView>[] => [
      { id: 'number', header: t('number'), width: '64px', numeric: true, cell: (device) => device.number },
      {
        id: 'client',
        header: t(idName[connector]),
        width: 'minmax(140px, 1fr)',
        cell: ({ clientId }) => <IdText id={clientId} />,
      },
      { id: 'state', header: t('state'), width: '140px', cell: ({ state }) => <FleetState state={state} /> },
      {
        id: 'sent',
        header: t('sent'),
        width: '80px',
        numeric: true,
        cell: ({ sent }) => count(sent, language),
      },
      {
        id: 'acknowledged',
        header: t('acknowledged'),
        width: '110px',
        numeric: true,
        cell: ({ acknowledged }) => count(acknowledged, language),
      },
      {
        id: 'received',
        header: t('received'),
        width: '80px',
        numeric: true,
        cell: ({ received }) => count(received, language),
      },
      {
        id: 'problem',
        header: t('problem'),
        width: 'minmax(120px, 1fr)',
        cell: ({ problem }) => <span className="ellipsis reason">{problem}</span>,
      },
    ],
    [t, language, connector],
  );
  // Beside a device the others only have to be found.
  const columns = number === undefined ? all : all.filter(({ id }) => besideDevice.includes(id));
  const shownPart = shownParts[connector];
  return (
    <div className="list-view">
      <ViewHeader title={fleet.template.name} note={<FleetState state={fleet.state} />}>
        <FleetControls fleet={fleet} onDeleted={() => void navigate({ to: '/simulators' })} />
      </ViewHeader>
      {fleet.problem !== null && (
        <div className="why" role="alert">
          <p>{fleet.problem}</p>
        </div>
      )}
      <FleetFigures fleet={fleet} at={at} />
      {fleet.errors + fleet.skipped > 0 && (
        <p className="flat dimmed fleet-note">{t(`figures_${figuresOf[connector]}`)}</p>
      )}
      <details className="disclosure fleet-responders">
        <summary>{t(shownPart.title)}</summary>
        <CodeBlock text={toFleetForm(fleet.template)[shownPart.part]} what={t(shownPart.title)} />
      </details>
      {fleet.template.connector === 'sms' && (
        <>
          <details className="disclosure fleet-responders">
            <summary>{answersText('title')}</summary>
            <AnswerList answers={fleet.template.answers} />
          </details>
          <SmscStatus />
        </>
      )}
      <Pager
        page={page}
        size={simulatedPageSize}
        total={fleet.devices}
        onPage={(next) => setUrl({ page: next === 0 ? undefined : String(next) }, { push: true })}
      />
      <div className="list-and-panel">
        <QueryView query={devices}>
          {(rows) => (
            <VirtualTable
              label={t('devices')}
              rows={rows}
              columns={columns}
              rowKey={rowKey}
              selected={url.number}
              onOpen={(device) => setUrl({ number: String(device.number) })}
            />
          )}
        </QueryView>
        {number !== undefined && (
          <SimulatedDevicePanel
            key={number}
            fleet={fleet}
            number={number}
            onClose={() => setUrl({ number: undefined })}
          />
        )}
      </div>
    </div>
  );
}
