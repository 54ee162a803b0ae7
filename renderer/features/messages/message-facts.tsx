import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type DataMessage, isSimulated } from '../../api/data-message.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { SimulatedMark } from '../../ui/simulated-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';

/** What a message is, apart from its value. Everything that has a view leads to it. */
export function MessageFacts({ message }: { message: DataMessage }) {
  const t = useText('messages');
  const { metadata, location, tags = [] } = message;
  const facts: [string, ReactNode][] = [
    [t('id'), <IdText key="id" id={message.id} what={t('id')} />],
    [t('timestamp'), <TimeText key="sent" time={message.timestamp} form="full" />],
    [t('created'), <TimeText key="stored" time={message.created} form="full" />],
  ];
  if (metadata?.source !== undefined) {
    const { source } = metadata;
    facts.push([
      t('device'),
      <span key="device" className="inline">
        <IdText id={source} to={deviceHref(source)} what={t('device')} />
        {isSimulated(message.extra) && <SimulatedMark />}
      </span>,
    ]);
  }
  facts.push([
    t('stream'),
    <Link key="stream" to="/messages" search={{ stream: message.streamId } as never} className="link mono">
      {message.streamId}
    </Link>,
  ]);
  if (message.model !== undefined) facts.push([t('model'), message.model]);
  if (metadata?.group !== undefined) {
    const { path } = metadata.group;
    facts.push([
      t('group'),
      <Link key="group" to="/devices" search={{ group: path } as never} className="link">
        {path}
      </Link>,
    ]);
  }
  if (tags.length > 0) {
    facts.push([
      t('tags'),
      tags.map((tag) => (
        <Link key={tag} to="/messages" search={{ tag } as never} className="tag">
          {tag}
        </Link>
      )),
    ]);
  }
  if (location) facts.push([t('location'), `${location.lat}°, ${location.lon}°`]);
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
