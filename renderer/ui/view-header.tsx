import type { ReactNode } from 'react';

/** Title of a view, what there is of it, and its actions. */
export function ViewHeader(props: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="view-header">
      <h1>{props.title}</h1>
      {props.note !== undefined && <span className="view-note">{props.note}</span>}
      <div className="view-actions">{props.children}</div>
    </div>
  );
}
