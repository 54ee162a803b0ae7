import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultSmsSettings } from '../core/connectors/sms/sms-settings.ts';
import { smsBench } from '../core/testing/sms-bench.ts';

const page = readFileSync(new URL('./sms.md', import.meta.url), 'utf8');
const bench = smsBench();

it('the settings of the page are there, with the defaults that it names', () => {
  const rows = [...page.matchAll(/^\| (`smpp[^|]+) \| ([^|]+) \|/gm)];
  expect(rows.length).toBeGreaterThan(8);
  for (const [, names = '', defaults = ''] of rows) {
    const settings = names.split(', ').map((name) => name.replaceAll('`', ''));
    // Digits of a number are in groups, and a comma with a space stands between two.
    const values = defaults.split(', ').map((value) => value.replaceAll('`', '').replaceAll(',', ''));
    expect(values, names).toHaveLength(settings.length);
    settings.forEach((name, index) => {
      const value = String(defaultSmsSettings[name as keyof typeof defaultSmsSettings]);
      expect(values[index], name).toBe(value === '' ? 'empty' : value);
    });
  }
});

it('its device can be made, and its command goes out', async () => {
  const [, device = ''] = /-d '(\{.*?\})'\n```/s.exec(page) ?? [];
  const { id, interfaces } = JSON.parse(device);
  expect(await bench.call('POST', '/api/v1/deviceMgt/devices', { id, interfaces })).toMatchObject({
    interfaces: [{ connector: 'sms', status: 'ONLINE' }],
  });
  const [, command = ''] = /```json\n(\{"request".*?)\n```/s.exec(page) ?? [];
  const { request, policy } = JSON.parse(command);
  const made = await bench.command(request.value, { ...policy, ackMode: 'NONE' }, id);
  expect(await bench.reaches(made, 'PROCESSED')).toMatchObject({ deliveryStatus: 'SENT' });
  expect(await bench.commandOf(made)).toMatchObject({ request });
});
