import type { CampaignStatus, TargetStatus } from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

const campaignMarks = {
  SCHEDULED: { tone: 'quiet', shape: 'ring' },
  RUNNING: { tone: 'busy', shape: 'diamond' },
  CANCELING: { tone: 'warn', shape: 'diamond' },
  CANCELED: { tone: 'quiet', shape: 'square' },
  COMPLETE: { tone: 'ok', shape: 'dot' },
  INCOMPLETE: { tone: 'warn', shape: 'triangle' },
  SERVER_ERROR: { tone: 'bad', shape: 'triangle' },
} as const;

const targetMarks = {
  notStarted: { tone: 'quiet', shape: 'ring' },
  pending: { tone: 'warn', shape: 'ring' },
  inProgress: { tone: 'busy', shape: 'diamond' },
  success: { tone: 'ok', shape: 'dot' },
  failure: { tone: 'bad', shape: 'triangle' },
  canceled: { tone: 'quiet', shape: 'square' },
} as const;

export function CampaignMark({ status }: { status: CampaignStatus }) {
  const t = useText('campaigns');
  return <StatusMark {...campaignMarks[status]} word={t(`campaign_${status}`)} />;
}

/** The state of a device in a campaign, or of an operation on it. */
export function TargetMark({ status, word }: { status: TargetStatus; word?: string }) {
  const t = useText('campaigns');
  return <StatusMark {...targetMarks[status]} word={word ?? t(`target_${status}`)} />;
}
