import { ActionIcon, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Role } from '../../core/contract/roles.ts';
import { useLack } from '../session/identity.ts';

interface ReasonIconProps {
  /** What it does. */
  readonly label: string;
  /** The role that it cannot be used without. */
  readonly needs: Role;
  readonly children: ReactNode;
  readonly onClick: () => void;
}

/** A small button with a picture; where it cannot be used it says which role is missing. */
export function ReasonIcon({ label, needs, children, onClick }: ReasonIconProps) {
  const lack = useLack(needs);
  return (
    <Tooltip
      label={lack ?? label}
      w={lack === undefined ? 'max-content' : 280}
      events={{ hover: true, focus: true, touch: true }}
    >
      <ActionIcon
        aria-label={label}
        {...(lack === undefined ? { onClick } : { 'data-disabled': true, 'aria-disabled': true })}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
