import { Link } from '@tanstack/react-router';
import type { FleetView, SimulatedDeviceDetails, SimulatedFrame } from '../../../core/contract/simulators.ts';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { deviceIdOf } from './device-id.ts';
import { FleetState } from './fleet-state.tsx';
import { Handset } from './handset.tsx';
import { idName } from './id-name.ts';
import { LoraDevice } from './lora-device.tsx';
import { Lwm2mDevice } from './lwm2m-device.tsx';
import { SendOnceForm } from './send-once-form.tsx';
import { useSimulatedDevice } from './simulators-api.ts';

interface SimulatedDevicePanelProps {
  readonly fleet: FleetView;
  readonly number: number;
  readonly onClose: () => void;
}

/** The device itself: its connection, its frames, and a way to make it send. */
export function SimulatedDevicePanel({ fleet, number, onClose }: SimulatedDevicePanelProps) {
  const t = useText('simulators');
  const query = useSimulatedDevice(fleet.id, number);
  return (
    <SidePanel title={t('device', { number })} onClose={onClose} wide>
      <QueryView query={query} rows={6}>
        {(device) => (
          <>
            <DeviceIdentity device={device} connector={fleet.template.connector} />
            <KindPanel fleet={fleet} device={device} />
            <Frames device={device} />
          </>
        )}
      </QueryView>
    </SidePanel>
  );
}

function Frames({ device: { frames, state } }: { device: SimulatedDeviceDetails }) {
  const t = useText('simulators');
  // That it is not connected is said above.
  if (frames.length === 0) return state === 'stopped' ? null : <p className="dimmed">{t('noFrames')}</p>;
  return (
    <>
      <h3>{t('frames')}</h3>
      <ol className="frames">
        {frames.map((frame, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: frames have no id; counted from the oldest, each keeps its key
          <Frame key={`${frame.time} ${frames.length - index}`} frame={frame} />
        ))}
      </ol>
    </>
  );
}

/** What can be seen of, and done with, a device by what it speaks. */
function KindPanel({ fleet, device }: { fleet: FleetView; device: SimulatedDeviceDetails }) {
  const { template, id } = fleet;
  switch (template.connector) {
    case 'lwm2m':
      return <Lwm2mDevice fleetId={id} device={device} />;
    case 'lora':
      return <LoraDevice fleetId={id} template={template} device={device} />;
    case 'sms':
      return <Handset fleetId={id} device={device} />;
    default:
      return <SendOnceForm fleet={fleet} template={template} device={device} />;
  }
}

function DeviceIdentity({
  device,
  connector,
}: {
  device: SimulatedDeviceDetails;
  connector: FleetView['template']['connector'];
}) {
  const t = useText('simulators');
  const { clientId, state, problem } = device;
  return (
    <>
      <p className="inline flat">
        <FleetState state={state} /> <IdText id={clientId} what={t(idName[connector])} />
        <Link to={deviceHref(deviceIdOf(clientId, connector))} className="link">
          {t('openOnPlatform')}
        </Link>
      </p>
      {problem !== null && (
        <div className="why" role="note">
          <p>{problem}</p>
        </div>
      )}
    </>
  );
}

const tones: Readonly<Record<SimulatedFrame['state'], Tone>> = {
  waiting: 'warn',
  acknowledged: 'ok',
  failed: 'bad',
  received: 'ok',
};

function Frame({ frame }: { frame: SimulatedFrame }) {
  const t = useText('simulators');
  return (
    <li className={`frame frame-${frame.direction}`}>
      <div className="frame-title">
        <strong>
          {frame.direction === 'sent' ? '→' : '←'} {t(`direction_${frame.direction}`)}
        </strong>
        <span className="mono break">{frame.topic}</span>
        <StatusMark tone={tones[frame.state]} word={t(`state_${frame.state}`)} />
        <span className="trace-time">
          {bytes(frame.bytes)} <TimeText time={frame.time} />
        </span>
      </div>
      {frame.payload !== '' && <CodeBlock text={frame.payload} what={frame.topic} wrap />}
      {frame.truncated && <span className="dimmed">{t('truncated')}</span>}
    </li>
  );
}
