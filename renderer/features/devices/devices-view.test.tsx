// @vitest-environment happy-dom
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { createQueryClient } from '../../api/query-client.ts';
import { startI18n } from '../../i18n/i18n.ts';
import { parseSearch, stringifySearch } from '../../ui/search-params.ts';

/** How often a part was drawn. */
const drawn = vi.hoisted(() => ({ filterInput: 0, fleetWays: 0, table: 0 }));
interface TableProps {
  readonly rows: readonly (DeviceJson | undefined)[];
  readonly onRange: (first: number, last: number) => void;
}
let table: TableProps | undefined;

vi.mock('../../ui/filter-input.tsx', () => ({
  FilterInput: () => {
    drawn.filterInput += 1;
    return null;
  },
}));
vi.mock('../fleet/fleet-ways.tsx', () => ({
  FleetWays: () => {
    drawn.fleetWays += 1;
    return null;
  },
}));
vi.mock('../../ui/virtual-table.tsx', () => ({
  VirtualTable: (props: TableProps) => {
    drawn.table += 1;
    table = props;
    return <p>table</p>;
  },
}));

const { default: DevicesView } = await import('./devices-view.tsx');

const total = 10_000;
let asked: string[];
let contact: string;

/** A platform with many devices, each of which has just been in contact. */
function platform(address: string): Response {
  const url = new URL(address);
  if (!url.pathname.endsWith('/devices'))
    return Response.json(url.pathname.endsWith('/identity') ? null : []);
  const [limit, offset] = ['limit', 'offset'].map((name) => Number(url.searchParams.get(name)));
  asked.push(`${offset}`);
  const devices = Array.from({ length: limit ?? 0 }, (_, index) => ({
    id: `urn:lo:nsid:many:d-${(offset ?? 0) + index}`,
    interfaces: [{ lastContact: contact }],
  }));
  return Response.json(devices, { headers: { 'X-Total-Count': String(total) } });
}

beforeEach(async () => {
  vi.useFakeTimers();
  asked = [];
  contact = '2030-01-01T00:00:00.000Z';
  vi.stubGlobal('fetch', async (address: string) => platform(address));
  startI18n();
  const root = createRootRoute();
  const list = createRoute({ getParentRoute: () => root, path: '/devices', component: DevicesView });
  const router = createRouter({
    routeTree: root.addChildren([list]),
    history: createMemoryHistory({ initialEntries: ['/devices'] }),
    ...{ parseSearch, stringifySearch },
  });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await settled();
  expect(screen.getByText('table')).toBeTruthy();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = (ms = 500): Promise<void> => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));
const scrollTo = (row: number): Promise<void> => {
  act(() => table?.onRange(row, row + 40));
  return settled(4);
};

test('scrolling draws the list, and nothing of what stands around it', async () => {
  const before = { ...drawn };
  for (let row = 0; row <= 2000; row += 10) await scrollTo(row);
  expect(asked).toEqual(expect.arrayContaining(['0', '200', '1000', '2000']));
  expect(drawn.filterInput).toBe(before.filterInput);
  expect(drawn.fleetWays).toBe(before.fleetWays);
  // Once for each block of 50 rows that came into sight and a few times for each page, not for each row.
  expect(drawn.table - before.table).toBeLessThan(80);
});

test('the list is asked for anew by itself, for no event tells that a device was in contact', async () => {
  await scrollTo(400);
  const firstOf = (row: number) => table?.rows[row]?.interfaces?.[0]?.lastContact;
  expect([firstOf(0), firstOf(400)]).toEqual([contact, contact]);
  contact = '2030-01-01T00:00:11.000Z';
  asked = [];
  await settled(11_000);
  expect([firstOf(0), firstOf(400)]).toEqual([contact, contact]);
  expect([...new Set(asked)].sort()).toEqual(['0', '400']);
});
