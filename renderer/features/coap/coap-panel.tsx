import { Link } from '@tanstack/react-router';
import type { CoapLogEntry, CoapLogPayload } from '../../../core/contract/coap-log.ts';
import { hexDump } from '../../format/hex.ts';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { isFailure } from './coap-rows.ts';

/** All that is known of a CoAP message or DTLS event. */
export function CoapPanel({ entry, onClose }: { entry: CoapLogEntry; onClose: () => void }) {
  const t = useText('coap');
  const { coap, session, facts, error } = entry;
  return (
    <SidePanel wide title={t('entry')} onClose={onClose}>
      <p>
        {isFailure(entry) && <StatusMark tone="bad" word={t('failed')} />}{' '}
        <strong className="mono">{entry.summary}</strong>{' '}
        {entry.note && <span className="dimmed">{t(`note_${entry.note}`)}</span>}
      </p>
      {error !== undefined && (
        <div className="why" role="note">
          <strong>{t('why')}</strong>
          <p>{error}</p>
        </div>
      )}
      <Facts
        facts={[
          [t('time'), <TimeText key="time" time={entry.time} form="full" />],
          [t('way'), t(entry.direction ?? 'event')],
          [t('server'), t(`server_${entry.server}`)],
          [t('peer'), entry.peer],
          [t('node'), entry.nodeId],
          [t('pskIdentity'), entry.pskIdentity],
          [t('size'), bytes(entry.bytes)],
          [t('type'), coap?.type],
          [t('code'), coap?.code],
          [t('request'), coap?.request],
          [t('messageId'), coap && String(coap.messageId)],
          [t('token'), coap?.token],
        ]}
      />
      {entry.traceId !== undefined && (
        <p>
          <Link to="/messages" search={{ message: entry.traceId } as never} className="link">
            {t('trace')}
          </Link>
        </p>
      )}
      {facts && facts.length > 0 && (
        <section>
          <h3>{t('facts')}</h3>
          <Facts facts={facts.map(({ name, value }) => [name, value])} />
        </section>
      )}
      {coap && (
        <section>
          <h3>{t('options')}</h3>
          {coap.options.length === 0 ? (
            <p className="dimmed">{t('noOptions')}</p>
          ) : (
            <ul className="plain mono">
              {coap.options.map(({ number, name, value }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: options have no name of their own, and never move
                <li key={index} className="break">
                  {name} ({number}): {value}
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      {coap?.payload && <Payload payload={coap.payload} />}
      {session && (
        <section>
          <h3>{t('session')}</h3>
          <Facts
            facts={[
              [t('suite'), session.suite],
              [t('resumed'), session.resumed ? t('yes') : t('no')],
              [t('connectionId'), session.connectionId ? t('yes') : t('no')],
              [t('extendedMasterSecret'), session.extendedMasterSecret ? t('yes') : t('no')],
              [t('serverName'), session.serverName],
            ]}
          />
        </section>
      )}
      {entry.raw !== '' && (
        <section>
          <h3>{t('raw')}</h3>
          {entry.masked && <p className="dimmed">{t('masked')}</p>}
          <CodeBlock text={dump(entry.raw)} what={t('raw')} />
        </section>
      )}
    </SidePanel>
  );
}

function Payload({ payload }: { payload: CoapLogPayload }) {
  const t = useText('coap');
  const { format, values, paths, text } = payload;
  return (
    <section>
      <h3>{t('payload')}</h3>
      <Facts
        facts={[
          [t('format'), format],
          [t('size'), bytes(payload.bytes)],
        ]}
      />
      {values && values.length > 0 && (
        <Facts
          facts={values.map(({ path, name, value, type, units, timestamp }) => [
            name === undefined ? path : `${path} ${name}`,
            <span key={path} className="break">
              <span className="mono">{String(value)}</span> {units}{' '}
              <span className="dimmed">
                {type} {type === 'TIME' && timeOf(value)} {timestamp}
              </span>
            </span>,
          ])}
        />
      )}
      {paths && paths.length > 0 && <Facts facts={paths.map(({ path, name }) => [path, name ?? '–'])} />}
      {text !== undefined && <CodeBlock text={text} what={t('text')} wrap />}
    </section>
  );
}

/** A time as its seconds since 1970 have it; the value itself is beside it. */
const timeOf = (seconds: string | number | boolean): string => {
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
};

const dump = (hex: string): string =>
  hexDump(hex)
    .map(({ offset, hex: line, text }) => `${offset}  ${line.padEnd(48)}  ${text}`)
    .join('\n');
