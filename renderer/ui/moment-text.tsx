import { TimeText } from './time-text.tsx';

/** A moment that the API gives in milliseconds since the epoch, or a word when there was none. */
export function MomentText(props: {
  ms: number | undefined;
  form?: 'full' | 'minute' | 'relative';
  none?: string;
}) {
  if (props.ms === undefined) return <span className="dimmed">{props.none}</span>;
  return <TimeText time={new Date(props.ms).toISOString()} form={props.form ?? 'full'} />;
}
