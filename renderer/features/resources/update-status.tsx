import { Progress } from '@mantine/core';
import type { UpdateJson, UpdateStatus } from '../../../core/contract/resource-updates.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<UpdateStatus, Tone>> = {
  PENDING: 'quiet',
  SENT: 'warn',
  IN_PROGRESS: 'warn',
  DONE: 'ok',
  FAILED: 'bad',
  CANCELED: 'quiet',
};

/** How far an update is, in the word of the API, with the part that the device has fetched. */
export function UpdateStatusMark({ update: { status, progress } }: { update: UpdateJson }) {
  const t = useText('resources');
  return (
    <span className="update-status" title={t(`hint_${status}`)}>
      <StatusMark tone={tones[status]} word={status} />
      {status === 'IN_PROGRESS' && (
        <span className="update-progress">
          <Progress value={progress} size="sm" aria-label={t('progress')} /> {progress} %
        </span>
      )}
    </span>
  );
}

const told = [
  'UNKNOWN_RESOURCE',
  'WRONG_SOURCE_VERSION',
  'WRONG_TARGET_VERSION',
  'INVALID_RESOURCE',
  'NOT_AUTHORIZED',
  'INTERNAL_ERROR',
  'ASSET_ORIGINATED_ERROR',
] as const;

/** Why an update failed: the code, what it means, and the device's own words. */
export function UpdateReason({ update }: { update: UpdateJson }) {
  const t = useText('resources');
  const { errorCode, deviceErrorCode, errorDetails } = update;
  if (errorCode === undefined) return null;
  const known = told.find((code) => code === errorCode);
  return (
    <>
      <span className="mono">{[errorCode, deviceErrorCode].filter(Boolean).join(' · ')}</span>{' '}
      {[known && t(`error_${known}`), errorDetails].filter(Boolean).join(' ')}
    </>
  );
}
