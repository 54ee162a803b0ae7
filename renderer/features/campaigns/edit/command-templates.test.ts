import { expect, test } from 'vitest';
import type { CampaignJson } from '../../../../core/contract/campaigns.ts';
import type { CommandJson } from '../../../../core/contract/commands.ts';
import { commandTemplates } from './command-templates.ts';

const request = (req: string) => ({ connector: 'mqtt' as const, value: { req, arg: {} } });
const sent = (req: string) => ({ request: request(req) }) as unknown as CommandJson;
const campaign = (...operations: CampaignJson['operations']) => ({ operations }) as CampaignJson;

test('offers each request once, those of devices first, without how often it is repeated', () => {
  const definition = { request: request('reboot'), policy: { attempts: 2 }, maxRetry: 3 };
  const templates = commandTemplates(
    [sent('ping'), sent('ping')],
    [
      campaign(
        { action: 'command', version: 1, definition },
        { action: 'configure', version: 1, definition: {} },
      ),
    ],
  );
  expect(templates.map(({ text }) => JSON.parse(text))).toEqual([
    { request: request('ping') },
    { request: request('reboot'), policy: { attempts: 2 } },
  ]);
});

test('leaves out commands as older clients write them, and shortens long ones', () => {
  const old = { action: 'command' as const, version: 0, definition: { event: 'x', maxRetry: 0 } };
  expect(commandTemplates([], [campaign(old)])).toEqual([]);
  expect(commandTemplates([sent('y'.repeat(100))], [])[0]?.label.length).toBe(60);
});
