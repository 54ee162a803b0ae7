import { expect, test } from 'vitest';
import type { CampaignJson } from '../../../../core/contract/campaigns.ts';
import {
  type CampaignForm,
  changeOf,
  checkedBody,
  emptyForm,
  formProblems,
  idsOf,
  newConfigure,
  newParameter,
  newResource,
  toBody,
  toForm,
} from './campaign-form.ts';

const words = {
  needed: 'is needed',
  filterNeeded: 'give a filter',
  twice: 'twice',
  notJson: 'no JSON',
  isOver: 'is over',
};
const nowMs = Date.parse('2030-01-01T00:00:00Z');
const operations: CampaignJson['operations'] = [
  {
    action: 'configure',
    version: 1,
    definition: {
      assetParameters: {
        'report.period': { type: 'INT32', valueInt32: 60 },
        label: { type: 'STRING', valueString: 'a b' },
        limit: { type: 'FLOAT', valueFloat: 1.5 },
      },
      maxRetry: 2,
    },
  },
  {
    action: 'command',
    version: 1,
    definition: {
      request: { connector: 'mqtt', value: { req: 'reboot', arg: { hard: true } } },
      maxRetry: 0,
    },
  },
  { action: 'resource', version: 1, definition: { resourceId: 'fw', targetVersion: '2', maxRetry: 0 } },
  { action: 'command', version: 0, definition: { event: 'ping', data: { n: 1 }, maxRetry: 1 } },
];
const campaign: CampaignJson = {
  id: '1',
  name: 'restart',
  planning: { startDate: '2030-02-01T00:00:00.000Z', endDate: '2030-02-02T00:00:00.000Z' },
  target: { filterQuery: 'tags==pump' },
  operations,
  options: { dynamicallyAddEligibleDevice: true },
  campaignStatus: 'SCHEDULED',
  created: '2030-01-01T00:00:00.000Z',
  updated: '2030-01-01T00:00:00.000Z',
  numberOfTargets: 0,
  totalTargetsPerStatus: { notStarted: 0, pending: 0, inProgress: 0, success: 0, failure: 0, canceled: 0 },
};
const filled = (change: Partial<CampaignForm> = {}): CampaignForm => ({ ...toForm(campaign), ...change });
const problems = (form: CampaignForm) => formProblems(form, nowMs, words);

test('a campaign goes through the form unchanged', () => {
  const { name, planning, target, options } = campaign;
  expect(toBody(filled())).toEqual({ name, planning, targets: target, operations, options });
  expect(problems(filled())).toEqual(new Map());
  expect(changeOf(campaign, filled(), '')).toEqual({});
});

test('an empty form says what it needs, each at its field', () => {
  const found = problems({ ...emptyForm(), operations: [newConfigure()] });
  expect([...found.keys()]).toEqual(
    expect.arrayContaining(['name', 'targets.filterQuery', 'operations.0.definition.assetParameters.']),
  );
  expect([...problems(emptyForm()).keys()]).toEqual([
    'name',
    'targets.filterQuery',
    'operations.0.definition.request.value.req',
  ]);
  expect(problems({ ...emptyForm(), by: 'list' }).get('targets.idList')).toBe('must name a device');
  expect(problems({ ...emptyForm(), operations: [] }).get('operations')).toBe('must hold an operation');
  expect(checkedBody(emptyForm())).toBeUndefined();
});

test('an id that is named twice is one device', () => {
  expect(idsOf('urn:lo:nsid:a:1\nurn:lo:nsid:a:1 urn:lo:nsid:a:2')).toEqual([
    'urn:lo:nsid:a:1',
    'urn:lo:nsid:a:2',
  ]);
});

test('ids may be pasted in any way, and one that is none is found at its place', () => {
  const ids = 'urn:lo:nsid:a:1, urn:lo:nsid:a:2\nurn:lo:nsid:a:3;;\n pump';
  expect(idsOf(ids)).toHaveLength(4);
  const found = problems(filled({ by: 'list', ids }));
  expect([...found.keys()]).toEqual(['targets.idList.3']);
});

test('a filter that cannot be read says where', () => {
  expect(problems(filled({ filter: 'tags==' })).get('targets.filterQuery')).toBeDefined();
  expect(problems(filled({ filter: 'colour==red' })).get('targets.filterQuery')).toContain('colour');
});

test('text that is no JSON, a value that does not fit its type, a key that stands twice', () => {
  const [configure, command] = filled().operations;
  if (configure?.action !== 'configure' || command?.action !== 'command') throw new Error('other operations');
  const [period] = configure.parameters;
  if (!period) throw new Error('no parameter');
  const twice = { ...newParameter(), key: period.key };
  const found = problems(
    filled({
      operations: [
        { ...configure, parameters: [{ ...period, text: 'often' }] },
        { ...command, text: '{' },
        { ...configure, parameters: [period, twice] },
      ],
    }),
  );
  expect(found.get('operations.0.definition.assetParameters.report.period.valueInt32')).toContain('INT32');
  expect(found.get('operations.1.definition')).toBe('no JSON');
  expect(found.get(`operations.2.twice.${twice.row}`)).toBe('twice');
});

test('a resource that is not named', () => {
  const found = problems(filled({ operations: [newResource()] }));
  expect([...found.keys()]).toContain('operations.0.definition.targetVersion');
});

test('an end before the start, and one that is over on the platform', () => {
  const start = '2030-03-02T00:00:00.000Z';
  expect(problems(filled({ start, end: '2030-03-01T00:00:00.000Z' })).get('planning.endDate')).toBe(
    'must be after startDate',
  );
  expect(problems(filled({ start: '', end: '2029-01-01T00:00:00.000Z' })).get('planning.endDate')).toBe(
    'is over',
  );
  expect(problems(filled({ start: '', end: '' })).size).toBe(0);
});

test('a change names what is different, and takes away what was emptied', () => {
  const now = '2030-01-01T12:00:00.000Z';
  expect(changeOf(campaign, filled({ name: 'other' }), now)).toEqual({ name: 'other' });
  expect(changeOf(campaign, filled({ start: '', end: '' }), now)).toEqual({
    planning: { startDate: now, endDate: null },
  });
  expect(changeOf({ ...campaign, description: 'x' }, filled({ description: '' }), now)).toEqual({
    description: null,
  });
  expect(changeOf(campaign, filled({ by: 'list', ids: 'urn:lo:nsid:a:1' }), now)).toEqual({
    targets: { idList: ['urn:lo:nsid:a:1'] },
    options: { dynamicallyAddEligibleDevice: false },
  });
});
