import { expect, it } from 'vitest';
import { commandStatus } from '../../protocols/smpp/status.ts';
import { smsBench } from '../../testing/sms-bench.ts';
import { until } from '../../testing/until.ts';

const bench = smsBench();
const { centre } = bench;
const campaigns = '/api/v0/deviceMgt/campaigns';
const ids = Array.from({ length: 20 }, (_, index) => `urn:lo:nsid:meter:${index}`);
const msisdnOf = (index: number): string => String(33_700_000_000 + index);

const upload = async (name: string, file: string) => {
  const { http } = bench.platform.platform.endpoints();
  const headers = { 'X-API-KEY': bench.platform.masterKey };
  const answer = await fetch(`${http}/bench/v1/devices/imports/${name}`, {
    method: 'PUT',
    headers,
    body: file,
  });
  return (await answer.json()) as object;
};
const columns =
  'id;tags;interfaces.0.connector;interfaces.0.definition.msisdn;interfaces.0.definition.serverPhoneNumber';

it('SMS devices come from a file, write at once, and one that asks for what there is not is an error of its line', async () => {
  const lines = ids.map((id, index) => `${id};meters;sms;${msisdnOf(index)};20259`);
  const wrong = 'urn:lo:nsid:meter:wrong;meters;sms;33700000099;30000';
  expect(await upload('meters', [columns, ...lines, wrong, ''].join('\n'))).toMatchObject({
    ...{ records: ids.length + 1, created: ids.length, failed: 1 },
  });
  const errors = await bench.call('GET', '/bench/v1/devices/imports/meters/errors');
  expect(JSON.stringify(errors)).toContain('must be one of 20259');
  const answers = await Promise.all(
    ids.map((_, index) => bench.send(`reading ${index}`, '20259', msisdnOf(index))),
  );
  expect(answers.every((status) => status === commandStatus.ESME_ROK)).toBe(true);
  for (const [index, id] of ids.entries()) {
    expect((await bench.messages(id))[0].value).toEqual({ payload: `reading ${index}` });
  }
});

it('a campaign of commands goes to each of them once, and counts what the centre refuses', async () => {
  const refused = msisdnOf(3);
  const from = centre.submitted.length;
  centre.onSubmit = ({ body }) =>
    body.destinationAddr === refused ? commandStatus.ESME_RINVDSTADR : commandStatus.ESME_ROK;
  const { id } = await bench.call('POST', campaigns, {
    name: 'ask for readings',
    targets: { idList: ids },
    operations: [
      {
        action: 'command',
        definition: { request: { connector: 'sms', value: { type: 'TEXT', payload: 'READ' } } },
      },
    ],
  });
  bench.platform.clock.advance(0);
  const counts = async () => (await bench.call('GET', `${campaigns}/${id}`)).totalTargetsPerStatus;
  await until(async () => {
    const { success, failure } = await counts();
    return success + failure === ids.length;
  });
  expect(await counts()).toMatchObject({ success: ids.length - 1, failure: 1 });
  const asked = centre.submitted.slice(from).map(({ body }) => body.destinationAddr);
  expect(asked.sort()).toEqual(ids.map((_, index) => msisdnOf(index)));
  centre.onSubmit = () => commandStatus.ESME_ROK;
});

it('more commands than the platform hands over at a time wait in the queue of their device', async () => {
  const [id = ''] = ids;
  const from = centre.submitted.length;
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, number) =>
      bench.command({ type: 'TEXT', payload: `step ${number}` }, {}, id),
    ),
  );
  for (const each of made) await bench.reaches(each, 'PROCESSED');
  expect(centre.submitted.slice(from)).toHaveLength(made.length);
});
