import type { LoraFrame, LoraFrameData } from '../../../core/contract/lora/frames.ts';
import { useText } from '../../i18n/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';

/** The fields of a PHYPayload in the order of the wire, by the names of LoRaWAN. */
export function FrameFields({ frame }: { frame: LoraFrame }) {
  const t = useText('lora');
  const { mhdr, type, major, joinRequest, joinAccept, data, mic } = frame;
  const check = { right: 'ok', wrong: 'bad', notChecked: 'quiet' } as const;
  const facts: Fact[] = [
    ['MHDR', mhdr !== undefined && <Hex key="mhdr" value={mhdr} more={`${type ?? ''} major ${major}`} />],
    ['AppEUI', joinRequest && <Hex key="app" value={joinRequest.appEui} />],
    ['DevEUI', joinRequest && <Hex key="dev" value={joinRequest.devEui} />],
    ['DevNonce', joinRequest?.devNonce],
    ['AppNonce', joinAccept && <Hex key="nonce" value={joinAccept.appNonce} />],
    ['NetID', joinAccept && <Hex key="net" value={joinAccept.netId} />],
    ['DevAddr', joinAccept && <Hex key="addr" value={joinAccept.devAddr} />],
    ['RX1DROffset', joinAccept?.rx1DrOffset],
    ['RX2DataRate', joinAccept && `DR${joinAccept.rx2DataRate}`],
    ['RxDelay', joinAccept && `${joinAccept.rxDelayS} s`],
    [
      'CFList',
      joinAccept && (joinAccept.channels.length === 0 ? t('none') : `${joinAccept.channels.join(', ')} MHz`),
    ],
    ...(data ? dataFacts(data, frame.micCheck === 'right', t) : []),
    ['MIC', mic !== undefined && <Hex key="mic" value={mic} />],
    [
      t('micCheck'),
      <StatusMark key="check" tone={check[frame.micCheck]} word={t(`mic_${frame.micCheck}`)} />,
    ],
  ];
  return (
    <section>
      <h3>{t('fields')}</h3>
      <Facts facts={facts} />
      {data && data.commands.length > 0 && <MacCommands data={data} />}
      {data?.commandsProblem !== undefined && <p className="status-bad">{data.commandsProblem}</p>}
    </section>
  );
}

function dataFacts(data: LoraFrameData, isOurs: boolean, t: ReturnType<typeof useText<'lora'>>): Fact[] {
  const { fCtrl, fCnt, fCntFull } = data;
  const bit = (name: string, value: boolean | undefined): string[] =>
    value === undefined ? [] : [`${name} ${value ? 1 : 0}`];
  const bits = [
    ...bit('ADR', fCtrl.adr),
    ...bit('ADRACKReq', fCtrl.adrAckReq),
    ...bit('ACK', fCtrl.ack),
    ...bit('FPending', fCtrl.fPending),
    `FOptsLen ${fCtrl.fOptsLen}`,
  ];
  const { payload, frmPayload } = data;
  return [
    ['DevAddr', <Hex key="addr" value={data.devAddr} />],
    ['FCtrl', <Hex key="ctrl" value={fCtrl.raw} more={bits.join(', ')} />],
    ['FCnt', fCntFull === undefined ? t('fCnt16', { fCnt }) : t('fCnt32', { fCnt, full: fCntFull })],
    ['FOpts', data.fOpts !== '' && <Hex key="opts" value={data.fOpts} />],
    ['FPort', data.fPort ?? t('none')],
    [
      'FRMPayload',
      frmPayload !== '' && <Hex key="frm" value={frmPayload} copy={t('encrypted')} more={t('encrypted')} />,
    ],
    [
      t('decrypted'),
      frmPayload !== '' &&
        (payload === undefined ? (
          t(isOurs ? 'notRead' : 'noKey')
        ) : (
          <Hex key="plain" value={payload} copy={t('decrypted')} />
        )),
    ],
  ];
}

function MacCommands({ data }: { data: LoraFrameData }) {
  const t = useText('lora');
  return (
    <>
      <h4>{t('macCommands')}</h4>
      <ul className="plain">
        {data.commands.map(({ name, cid, fields }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a command may come twice, and never moves
          <li key={index} className="break">
            <strong>{name}</strong> <span className="mono dimmed">0x{cid}</span>{' '}
            {fields.map((field) => `${field.name} = ${field.value}`).join(', ')}
          </li>
        ))}
      </ul>
    </>
  );
}

const Hex = ({ value, more, copy }: { value: string; more?: string; copy?: string }) => (
  <span className="break">
    <span className="mono">{value}</span> {copy !== undefined && <CopyButton text={value} what={copy} />}{' '}
    {more !== undefined && <span className="dimmed">{more}</span>}
  </span>
);
