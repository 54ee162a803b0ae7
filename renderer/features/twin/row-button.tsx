import type { ComponentType } from 'react';

interface RowButtonProps {
  readonly label: string;
  readonly icon: ComponentType<{ size: number }>;
  readonly onClick: () => void;
  readonly pressed?: boolean;
}

/** A small button of a row. An instance may have hundreds of rows: a plain one is a tenth of the work of a styled one. */
export function RowButton({ label, icon: Icon, onClick, pressed }: RowButtonProps) {
  return (
    <button
      type="button"
      className="row-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon size={15} />
    </button>
  );
}
