import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { updateStatuses } from '../contract/resource-updates.ts';
import fc from '../testing/properties.ts';
import { afterEvent, newUpdateState, type UpdateRecord } from './update-record.ts';
import { isFinal, nextUpdateStatus, type UpdateEvent, updateEvents } from './update-state.ts';

/** The edges of the drawing in the documentation: `FROM event TO`. */
function drawnEdges(): string[] {
  const text = readFileSync(new URL('../../docs/resources.md', import.meta.url), 'utf8');
  const [drawing = ''] = text.match(/stateDiagram-v2[^`]*/) ?? [];
  return drawing.split('\n').flatMap((line) => {
    const [, from, to, events] = /^\s*(\w+) --> (\w+): (.+)$/.exec(line) ?? [];
    return events ? events.split(', ').map((event) => `${from} ${event} ${to}`) : [];
  });
}

describe('states of an update (manual 6.5.8)', () => {
  const drawn = drawnEdges();

  it('change along the edges that docs/resources.md draws, and no others', () => {
    const edges = updateStatuses.flatMap((from) =>
      updateEvents.flatMap((event) => {
        const to = nextUpdateStatus(from, event);
        return to === undefined ? [] : [`${from} ${event} ${to}`];
      }),
    );
    expect(edges.length).toBeGreaterThan(10);
    expect([...edges].sort()).toEqual([...drawn].sort());
  });

  it('end in DONE, FAILED and CANCELED', () => {
    expect(updateStatuses.filter(isFinal)).toEqual(['DONE', 'FAILED', 'CANCELED']);
  });

  it('can never change in another way, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<UpdateEvent>(...updateEvents), { maxLength: 60 }),
        (happenings) => {
          let record = newRecord();
          for (const [index, event] of happenings.entries()) {
            const before = record;
            const after = afterEvent(before, event, index, { progress: index, giveUpMs: index });
            const edge = drawn.find((each) => each.startsWith(`${before.state.status} ${event} `));
            expect(after === undefined).toBe(edge === undefined);
            if (after) expect(edge).toBe(`${before.state.status} ${event} ${after.state.status}`);
            if (isFinal(before.state.status)) expect(after).toBeUndefined();
            if (after && isFinal(after.state.status)) {
              expect(after.state.giveUpMs).toBeUndefined();
              expect(after.state.linkUntilMs).toBeUndefined();
            }
            record = after ?? before;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

function newRecord(): UpdateRecord {
  return {
    ...{ seq: 1, id: '0', tenantId: 't', deviceId: 'd', resourceId: 'r', connector: 'http-updater' },
    ...{ requestedVersion: '2', metadata: {}, token: 't', createdMs: 0 },
    state: newUpdateState(0, { initialVersion: '1', giveUpMs: 10 }),
  };
}
