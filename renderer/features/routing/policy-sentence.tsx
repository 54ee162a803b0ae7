import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import type { ActionPolicyInput } from '../../../core/contract/routing.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';

/** A policy in words, in which every thing leads to its view. */
export function PolicySentence({ policy }: { policy: ActionPolicyInput }) {
  const t = useText('routing');
  const { dataMessage, commandStatus } = policy.triggers;
  const { connectors = [], deviceIds = [], groupPaths = [], tags = [] } = dataMessage?.filter ?? {};
  const { status = [] } = commandStatus?.filter ?? {};
  const parts: ReactNode[] = [];
  if (commandStatus) {
    const statuses = status.join(` ${t('or')} `);
    parts.push(status.length > 0 ? t('becomes', { status: statuses }) : t('changes'));
  }
  if (connectors.length > 0) parts.push(t('fromConnectors', { connectors: connectors.join(` ${t('or')} `) }));
  if (deviceIds.length > 0) {
    parts.push(
      <Words text={t('fromDevices', { devices: '\0' })}>
        <Joined word={t('or')}>
          {deviceIds.map((id) => (
            <IdText key={id} id={id} to={deviceHref(id)} />
          ))}
        </Joined>
      </Words>,
    );
  }
  if (groupPaths.length > 0) {
    parts.push(
      <Words text={t('inGroups', { groups: '\0' })}>
        <Joined word={t('or')}>
          {groupPaths.map(({ path, includeSubPath }) => (
            <Link
              key={path}
              to="/devices"
              search={{ group: includeSubPath ? `${path === '/' ? '' : path}/*` : path } as never}
              className="link"
            >
              {includeSubPath ? t('groupBelow', { path }) : path}
            </Link>
          ))}
        </Joined>
      </Words>,
    );
  }
  if (tags.length > 0) {
    const lists = tags.map((all) => all.join(` ${t('and')} `));
    const text = lists.map((list) => (tags.length > 1 && list.includes(' ') ? `(${list})` : list));
    parts.push(t('withTags', { tags: text.join(` ${t('or')} `) }));
  }
  return (
    <p className="sentence">
      {commandStatus ? t('whenCommand') : t('when')}{' '}
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other name
        <Fragment key={index}>{part} </Fragment>
      ))}
      {commandStatus ? t('publishThat') : t('arrives')}{' '}
      <Joined word={t('and')}>
        {policy.actions.fifoPublish.map(({ fifoName, noRetention }) => (
          <span key={fifoName}>
            <Link to={fifoHref(fifoName)} className="link mono">
              fifo/{fifoName}
            </Link>
            {noRetention && ` ${t('noRetention')}`}
          </span>
        ))}
      </Joined>
      .
    </p>
  );
}

export const fifoHref = (name: string): string => `/routing/fifo/${encodeURIComponent(name)}`;

/** A text with its one gap filled. */
function Words({ text, children }: { text: string; children: ReactNode }) {
  const [before, after] = text.split('\0');
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}

function Joined({ word, children }: { word: string; children: ReactNode[] }) {
  return children.map((child, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words between have no other name
    <Fragment key={index}>
      {index > 0 && ` ${word} `}
      {child}
    </Fragment>
  ));
}
