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
import { useSyncExternalStore } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueryClient } from '../../api/query-client.ts';
import { startI18n } from '../../i18n/i18n.ts';
import { LiveStore } from '../../live/live-store.ts';
import { parseSearch, stringifySearch } from '../../ui/search-params.ts';
import type { MessageRow } from './message-row.ts';

/** How often a part was drawn. */
const drawn = vi.hoisted(() => ({ filterInput: 0, button: 0, table: 0 }));
interface TableProps {
  readonly rows: readonly MessageRow[];
  readonly onHold: (held: boolean) => void;
}
let table: TableProps | undefined;

vi.mock('../../ui/filter-input.tsx', () => ({
  FilterInput: () => {
    drawn.filterInput += 1;
    return null;
  },
}));
vi.mock('@mantine/core', async (original) => ({
  ...(await original<typeof import('@mantine/core')>()),
  Button: ({ children, onClick }: { children: string; onClick?: () => void }) => {
    drawn.button += 1;
    return (
      <button type="button" onClick={onClick}>
        {children}
      </button>
    );
  },
}));
vi.mock('../../ui/virtual-table.tsx', async () => {
  const { memo } = await import('react');
  return {
    VirtualTable: memo((props: TableProps) => {
      drawn.table += 1;
      table = props;
      return null;
    }),
  };
});

const { MessageStream } = await import('./message-stream.tsx');

const idOf = (n: number): string => `6000000000ff${n.toString(16).padStart(12, '0')}`;
const messageOf = (n: number) => ({
  ...{ id: idOf(n), streamId: 's', timestamp: new Date(n).toISOString(), created: new Date(n).toISOString() },
});
const stored = {
  messages: [messageOf(2), messageOf(1)],
  newestId: idOf(2),
  lookedBackTo: { id: idOf(1), created: messageOf(1).created },
  more: false,
};
const answers: Readonly<Record<string, unknown>> = {
  '/bench/v1/messages': stored,
  '/bench/v1/refusals': [],
  '/bench/v1/identity': null,
};

let store: LiveStore;
let came: number;
const allDevices = {};

function Stream() {
  const live = useSyncExternalStore(store.subscribe, store.snapshot);
  return <MessageStream scope={allDevices} live={live} onJump={onJump} empty={() => null} />;
}
const onJump = (): void => {};

const settled = (): Promise<void> => act(() => vi.advanceTimersByTimeAsync(50).then(() => undefined));
/** A batch of so many messages, as the live socket brings it. */
async function come(count: number): Promise<void> {
  const events = Array.from({ length: count }, () => {
    came += 1;
    return { channel: 'messages' as const, id: idOf(came), body: JSON.stringify(messageOf(came)) };
  });
  act(() => store.add({ type: 'batch', events, skipped: 0 } as never));
  await settled();
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', async (address: string) => Response.json(answers[new URL(address).pathname]));
  startI18n();
  store = new LiveStore((flush) => void setTimeout(flush, 10));
  came = 2;
  const root = createRootRoute();
  const list = createRoute({ getParentRoute: () => root, path: '/messages', component: Stream });
  const router = createRouter({
    routeTree: root.addChildren([list]),
    history: createMemoryHistory({ initialEntries: ['/messages'] }),
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
  expect(table?.rows.map(({ key }) => key)).toEqual([idOf(2), idOf(1)]);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what comes live draws the list, once a batch, and nothing of what stands around it', async () => {
  const before = { ...drawn };
  for (let batch = 0; batch < 20; batch++) await come(200);
  expect(table?.rows).toHaveLength(4002);
  expect(drawn).toEqual({ ...before, table: before.table + 20 });
});

test('a list that is held is not drawn for what comes meanwhile', async () => {
  await come(3);
  act(() => table?.onHold(true));
  const before = { ...drawn };
  for (let batch = 0; batch < 10; batch++) await come(100);
  expect(drawn.table).toBe(before.table);
  expect(drawn.filterInput).toBe(before.filterInput);
  expect(screen.getByText('1000 new')).toBeTruthy();
});
