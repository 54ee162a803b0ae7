import { Link } from '@tanstack/react-router';
import type { LoraFrame } from '../../../core/contract/lora/frames.ts';
import { hexDump } from '../../format/hex.ts';
import { bytes, measured } from '../../format/numbers.ts';
import { faultText } from '../../i18n/fault-text.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { dropAdvice, dropWord } from './drop-reason.ts';
import { FrameFields } from './frame-fields.tsx';

/** A frame with each of its fields, its way over the air, and its bytes. */
export function FramePanel({ frame, onClose }: { frame: LoraFrame; onClose: () => void }) {
  const t = useText('lora');
  const { dropped, deviceId, devEUI, messageId, commandId, note } = frame;
  return (
    <SidePanel wide title={t('oneFrame')} onClose={onClose}>
      <p>
        {dropped && <StatusMark tone="bad" word={dropWord(t, dropped.reason)} />}{' '}
        <strong className="mono">{frame.type ?? t('noFrame')}</strong>{' '}
        {note && <span className="dimmed">{t(`note_${note}`)}</span>}
      </p>
      {(dropped || frame.problem) && (
        <div className="why" role="note">
          <strong>{frame.direction === 'down' ? t('whyNotSent') : t('whyDropped')}</strong>
          {dropped && (
            <p>
              <span className="mono">{dropped.reason}</span>: {faultText(dropped.text)}
            </p>
          )}
          {dropped && <p>{dropAdvice(t, dropped.reason)}</p>}
          {frame.problem !== undefined && frame.problem !== dropped?.text && (
            <p>{faultText(frame.problem)}</p>
          )}
        </div>
      )}
      <Facts
        facts={[
          [t('time'), <TimeText key="time" time={frame.time} form="full" />],
          [t('direction'), t(frame.direction)],
          [
            t('device'),
            deviceId === undefined ? (
              t('nobody')
            ) : (
              <IdText key="device" id={deviceId} to={deviceHref(deviceId)} what={t('device')} />
            ),
          ],
          ['DevEUI', devEUI !== undefined && <IdText key="eui" id={devEUI} what="DevEUI" />],
          [t('size'), bytes(frame.bytes)],
        ]}
      />
      {(messageId !== undefined || commandId !== undefined) && (
        <p className="buttons">
          {messageId !== undefined && (
            <Link to="/messages" search={{ message: messageId } as never} className="link">
              {t('itsMessage')}
            </Link>
          )}
          {commandId !== undefined && deviceId !== undefined && (
            <Link
              to={deviceHref(deviceId)}
              search={{ tab: 'commands', command: commandId } as never}
              className="link"
            >
              {t('itsCommand')}
            </Link>
          )}
        </p>
      )}
      <FrameFields frame={frame} />
      <Radio radio={frame.radio} />
      <section>
        <h3>{t('raw')}</h3>
        <CodeBlock text={dump(frame.raw)} what={t('raw')} />
      </section>
    </SidePanel>
  );
}

function Radio({ radio }: Pick<LoraFrame, 'radio'>) {
  const t = useText('lora');
  const { heard, tried } = radio;
  return (
    <section>
      <h3>{t('radio')}</h3>
      <Facts
        facts={[
          [t('frequency'), radio.frequency !== undefined && `${radio.frequency} MHz`],
          [t('modulation'), radio.modulation],
          [t('dataRate'), radio.dataRate !== undefined && `DR${radio.dataRate}`],
          [t('codingRate'), radio.codingRate],
          [t('airtime'), radio.airtimeMs !== undefined && `${measured(radio.airtimeMs)} ms`],
          ['ESP', radio.esp !== undefined && `${radio.esp} dBm`],
          [t('signalLevel'), radio.signalLevel !== undefined && `${radio.signalLevel} / 5`],
          [t('window'), radio.window && t(`window_${radio.window}`)],
          [t('sentBy'), radio.gatewayId !== undefined && <GatewayLink key="by" id={radio.gatewayId} />],
          [t('power'), radio.powerDbm !== undefined && `${radio.powerDbm} dBm`],
          [t('counter'), radio.counterUs !== undefined && `${radio.counterUs} µs`],
        ]}
      />
      {heard && (
        <>
          <h4>{t('heardBy', { count: heard.length })}</h4>
          <table className="lora-heard">
            <thead>
              <tr>
                <th scope="col">{t('gateway')}</th>
                <th scope="col">RSSI</th>
                <th scope="col">SNR</th>
                <th scope="col">{t('channel')}</th>
                <th scope="col">{t('counter')}</th>
              </tr>
            </thead>
            <tbody>
              {heard.map(({ gatewayId, rssi, snr, channel, counterUs }) => (
                <tr key={gatewayId}>
                  <td>
                    <GatewayLink id={gatewayId} />
                  </td>
                  <td>{rssi} dBm</td>
                  <td>{snr === undefined ? '–' : `${snr} dB`}</td>
                  <td>{channel ?? '–'}</td>
                  <td>{counterUs} µs</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {tried && (
        <>
          <h4>{t('tried')}</h4>
          <ul className="plain">
            {tried.map((way, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: ways have no name of their own, and never move
              <li key={index}>{way}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const GatewayLink = ({ id }: { id: string }) => (
  <Link to="/lora" search={{ gateway: id } as never} className="link mono">
    {id}
  </Link>
);

const dump = (hex: string): string =>
  hexDump(hex)
    .map(({ offset, hex: line, text }) => `${offset}  ${line.padEnd(48)}  ${text}`)
    .join('\n');
