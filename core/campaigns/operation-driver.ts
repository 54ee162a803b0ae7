import type { CampaignAction, CampaignOperation } from '../contract/campaigns.ts';
import type { Statement } from '../store/types.ts';
import type { Standing } from './target-state.ts';

/** A device that takes part. */
export interface CampaignDevice {
  readonly tenantId: string;
  readonly deviceId: string;
}

/**
 * One kind of operation of campaigns, carried out by the area that it belongs to. An area keeps what it was asked
 * for and tells what becomes of it; the campaign decides what comes next.
 */
export interface OperationDriver<Operation extends CampaignOperation = CampaignOperation> {
  readonly action: CampaignAction;
  /**
   * Begins an operation on a device; resolves when it would survive a kill.
   * @param operationId for areas whose requests have no id of their own
   * @param begun is called once, before anything is stored, with the operation's id; its statements say that the
   *   operation was begun, and are stored in one transaction with the request: so after a kill both are there or none
   * @throws PlatformError when the device or the area refuses it; `commands.queueFull` and the like when the device
   *   has no room now
   */
  begin(
    device: CampaignDevice,
    operation: Operation,
    operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void>;
  /** Where an operation that was begun stands. */
  standing(device: CampaignDevice, operation: Operation, operationId: string): Promise<Standing>;
  /** Takes an operation back. @param options.force also while the device has it. Does nothing when it cannot. */
  cancel(
    device: CampaignDevice,
    operation: Operation,
    operationId: string,
    options: { force: boolean },
  ): Promise<void>;
  /** Calls `news` whenever an operation of this kind may stand elsewhere than before, until {@link stop}. */
  start(news: OperationNews): void;
  stop(): void;
}

/** @param operationId undefined: any of the device */
export type OperationNews = (tenantId: string, deviceId: string, operationId: string | undefined) => void;
