import { Button, SegmentedControl } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import type { TraceView } from '../../../core/contract/trace.ts';
import { ApiError } from '../../api/client.ts';
import type { DataMessage } from '../../api/data-message.ts';
import { hexDump } from '../../format/hex.ts';
import { bytes } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { deviceHref } from '../../ui/id-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { FieldChart } from './field-chart.tsx';
import { MessageFacts } from './message-facts.tsx';
import type { MessageRow } from './message-row.ts';
import { useTrace } from './messages-api.ts';
import { numericPaths } from './numeric-fields.ts';
import { TracePath } from './trace-path.tsx';

/** A message or a refusal: its bytes beside what became of them, and its way through the platform. */
export const MessagePanel = memo(function MessagePanel({
  row,
  onClose,
}: {
  row: MessageRow;
  onClose: () => void;
}) {
  const t = useText('messages');
  const trace = useTrace(row.key);
  const { message } = row;
  const [charted, setCharted] = useState<string>();
  const gone = trace.error instanceof ApiError && trace.error.status === 404;
  const fields = numericPaths(message?.value);
  return (
    <SidePanel wide title={row.refused ? t('panelRefused') : t('panelMessage')} onClose={onClose}>
      {row.refused && (
        <div className="why" role="note">
          <strong>{t('why')}</strong>
          <p>{row.summary}</p>
        </div>
      )}
      {message && <MessageFacts message={message} />}
      <div className="side-by-side">
        <section>
          <h3>{t('raw')}</h3>
          {trace.data ? (
            <RawPayload trace={trace.data} />
          ) : gone ? (
            <p className="dimmed">{t('rawGone')}</p>
          ) : null}
        </section>
        <section>
          <h3>{t('decoded')}</h3>
          {message ? (
            <DecodedMessage message={message} />
          ) : (
            <p className="dimmed">{row.refused ? t('notStored') : t('linkGoneText')}</p>
          )}
        </section>
      </div>
      {message && fields.length > 0 && (
        <section>
          <h3>{t('chart')}</h3>
          <div className="buttons" title={t('chartHint')}>
            {fields.map((path) => (
              <Button
                key={path}
                variant={charted === path ? 'light' : 'default'}
                leftSection={<IconChartLine size={14} aria-hidden />}
                aria-label={t('chartField', { field: path })}
                aria-pressed={charted === path}
                onClick={() => setCharted(charted === path ? undefined : path)}
              >
                {path}
              </Button>
            ))}
          </div>
          {charted !== undefined && <FieldChart streamId={message.streamId} path={charted} />}
        </section>
      )}
      <section>
        <h3>{t('trace')}</h3>
        {gone ? (
          <p className="dimmed">{t('traceGone')}</p>
        ) : (
          <QueryView query={trace} rows={6}>
            {(data) => (
              <>
                <TracePath steps={data.steps} />
                {data.deviceId !== null && data.coapLogId !== undefined && (
                  <Link
                    to={deviceHref(data.deviceId)}
                    search={{ tab: 'coap', coapEntry: data.coapLogId } as never}
                    className="link"
                  >
                    {t('coap')}
                  </Link>
                )}
                {data.deviceId !== null && data.loraFrameId !== undefined && (
                  <Link
                    to={deviceHref(data.deviceId)}
                    search={{ tab: 'lora', loraFrame: data.loraFrameId } as never}
                    className="link"
                  >
                    {t('loraFrame')}
                  </Link>
                )}
              </>
            )}
          </QueryView>
        )}
      </section>
    </SidePanel>
  );
});

/** The value alone: what else the message holds is told above it, and in the whole. */
function DecodedMessage({ message }: { message: DataMessage }) {
  const t = useText('messages');
  const [form, setForm] = useState('value');
  const content = form === 'value' ? message.value : message;
  return (
    <>
      <CodeBlock text={JSON.stringify(content, null, 2)} what={t('decoded')} wrap />
      <div className="under-code">
        <SegmentedControl
          aria-label={t('decoded')}
          data={[
            { value: 'value', label: t('valueOnly') },
            { value: 'whole', label: t('wholeMessage') },
          ]}
          value={form}
          onChange={setForm}
        />
      </div>
    </>
  );
}

function RawPayload({ trace }: { trace: TraceView }) {
  const t = useText('messages');
  const common = useText('common');
  const [form, setForm] = useState('text');
  const { payload, sender, target } = trace;
  const dump = () =>
    hexDump(payload.hex)
      .map(({ offset, hex, text }) => `${offset}  ${hex.padEnd(48)}  ${text}`)
      .join('\n');
  return (
    <>
      {payload.truncated && (
        <p className="truncated" role="note">
          {t('truncated', { kept: bytes(payload.hex.length / 2), size: bytes(payload.bytes) })}
        </p>
      )}
      <CodeBlock
        text={form === 'text' ? payload.text : dump()}
        what={t('raw')}
        copies={payload.truncated ? t('rawBeginning', { kept: bytes(payload.hex.length / 2) }) : t('raw')}
        wrap={form === 'text'}
      />
      <div className="under-code">
        <SegmentedControl
          aria-label={t('raw')}
          data={[
            { value: 'text', label: common('text') },
            { value: 'hex', label: common('hex') },
          ]}
          value={form}
          onChange={setForm}
        />
        <span className="dimmed">{t('bytes', { size: bytes(payload.bytes), sender, target })}</span>
      </div>
    </>
  );
}
