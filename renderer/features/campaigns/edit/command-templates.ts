import type { CampaignSummary } from '../../../../core/contract/campaigns.ts';
import type { CommandJson } from '../../../../core/contract/commands.ts';

/** A definition of a command that was used before. */
export interface CommandTemplate {
  readonly label: string;
  /** As JSON. */
  readonly text: string;
}

const longestLabel = 60;

/** What devices were sent before and what other campaigns send, each once. */
export function commandTemplates(
  commands: readonly CommandJson[],
  campaigns: readonly CampaignSummary[],
): readonly CommandTemplate[] {
  const known = new Map<string, CommandTemplate>();
  const add = (definition: object, request: CommandJson['request']): void => {
    const text = JSON.stringify(definition, null, 2);
    const label = labelOf(request);
    // The same request under another policy is told apart by nothing that a list could show.
    if (!known.has(label)) known.set(label, { label, text });
  };
  for (const { request } of commands) add({ request }, request);
  for (const { operations } of campaigns) {
    for (const { action, version, definition } of operations) {
      if (action !== 'command' || version !== 1) continue;
      const { maxRetry: _, ...rest } = definition;
      add(rest, definition.request as CommandJson['request']);
    }
  }
  return [...known.values()];
}

function labelOf({ connector, value }: CommandJson['request']): string {
  const label = `${connector} ${JSON.stringify(value)}`;
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}
