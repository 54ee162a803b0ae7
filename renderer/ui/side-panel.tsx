import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../i18n/use-text.ts';

/** Details beside a list that stays in place. Escape closes it and returns the focus. */
export function SidePanel(props: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const t = useText('common');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      className={props.wide ? 'panel panel-wide' : 'panel'}
      aria-label={props.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div className="panel-header">
        <h2 ref={heading} tabIndex={-1}>
          {props.title}
        </h2>
        <ActionIcon aria-label={t('close')} onClick={props.onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className="panel-body">{props.children}</div>
    </aside>
  );
}
