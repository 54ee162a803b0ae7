import { Button, Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { platformNow } from '../../format/platform-time.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import type { LiveSnapshot, StreamEntry } from '../../live/live-store.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { deviceHref } from '../../ui/id-text.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

/** Waits until something of the device comes, and then shows it, or why it was refused. */
export function FirstMessage({ deviceId, stream }: { deviceId: string; stream: boolean }) {
  const t = useText('connect');
  const [since, setSince] = useState(platformNow);
  const live = useLive((snapshot) => snapshot);
  const entry = firstOf(live, deviceId, stream, since);
  const message = entry?.kind === 'message' ? entry.message : undefined;
  const refusal = entry?.kind === 'refusal' ? entry.refusal : undefined;
  const denied = entry ? undefined : deniedOf(live, deviceId, since);
  return (
    <section className="page-part first-message" aria-live="polite">
      {!entry && !denied && (
        <p className="inline">
          <Loader size={14} aria-hidden /> {t(stream ? 'waitingStream' : 'waiting', { device: deviceId })}
        </p>
      )}
      {message && (
        <>
          <h2>
            <StatusMark tone="ok" word={t('arrived')} /> <TimeText time={message.created} />
          </h2>
          <CodeBlock text={JSON.stringify(message, null, 2)} what={t('arrived')} wrap />
        </>
      )}
      {refusal && (
        <>
          <h2>
            <StatusMark tone="bad" word={t('refused')} /> <TimeText time={refusal.time} />
          </h2>
          <p>{refusal.reason}</p>
        </>
      )}
      {denied && (
        <>
          <h2>
            <StatusMark tone="bad" word={t('refusedSession')} /> <TimeText time={denied.timestamp} />
          </h2>
          <p>
            {denied.description} {denied.detailedDescription}
          </p>
        </>
      )}
      {(entry || denied) && (
        <div className="buttons">
          {message && !stream && (
            <Button component={Link} to={deviceHref(deviceId)}>
              {t('openDevice')}
            </Button>
          )}
          {entry && (
            <Button
              variant="default"
              component={Link}
              to="/messages"
              search={{ message: entry.key } as never}
            >
              {t('openMessage')}
            </Button>
          )}
          <Button variant="default" onClick={() => setSince(platformNow())}>
            {t('again')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The oldest message of the device since then; while there is none, the last refusal. */
function firstOf(live: LiveSnapshot, id: string, stream: boolean, since: number): StreamEntry | undefined {
  const after = (time: string): boolean => Date.parse(time) >= since;
  const message = live.entries.findLast(
    (entry) =>
      entry.kind === 'message' &&
      (stream ? entry.message.streamId === id : entry.message.metadata?.source === id) &&
      after(entry.message.created),
  );
  if (message) return message;
  return live.entries.find(
    (entry) => entry.kind === 'refusal' && entry.refusal.sender.includes(id) && after(entry.refusal.time),
  );
}

const deniedOf = (live: LiveSnapshot, id: string, since: number) =>
  live.audit.find(
    ({ level, timestamp, source, content, detailedDescription }) =>
      level === 'error' &&
      Date.parse(timestamp) >= since &&
      (source.deviceId === id ||
        source.nodeId === id ||
        content?.clientId === id ||
        detailedDescription?.includes(id)),
  );
