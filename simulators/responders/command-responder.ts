import type { CommandResponderSettings } from '../../core/contract/responders.ts';
import { isInShare, type Responder, takeTime } from './responder.ts';

/** Answers commands (manual 6.5.7.2): with success, with an error, twice, or not at all. */
export function commandResponder(settings: CommandResponderSettings): Responder {
  const { outcome, request: wanted } = settings;
  return {
    topic: 'dev/cmd',
    takes: ({ req }, device) => (wanted === undefined || req === wanted) && isInShare(settings, device),
    respond: async ({ req, cid }, device) => {
      if (outcome === 'never') return;
      await takeTime(settings, device);
      const plain = outcome === 'error' ? { error: `'${String(req)}' failed` } : { done: true };
      const answer = { res: settings.response ?? plain, cid };
      device.publish('dev/cmd/res', answer);
      if (outcome === 'duplicate') device.publish('dev/cmd/res', answer);
    },
  };
}
