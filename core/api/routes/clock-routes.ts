import { clockAdvance, clockRequest, clockView } from '../../contract/clock.ts';
import type { ClockControl } from '../../time/clock-control.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/bench/v1/clock';
const tag = 'Clock';

/** The platform's time (design: own endpoints). */
export function clockRoutes(control: ClockControl): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'any-key',
      tag,
      summary: 'Tell the platform’s time',
      response: clockView,
      handler: () => control.view(),
    }),
    defineRoute({
      method: 'PUT',
      url,
      role: 'operator',
      tag,
      summary: 'Freeze time, set it, change its speed, or go back to the real one',
      description:
        'It is one time for all tenants, and is not kept over a restart. Forward, all that falls due on the way is done before the answer. Back, nothing stored changes: it keeps its times, and what waits for a moment still waits for it. Network time-outs, keep-alive, rates and certificates go by the real time.',
      body: clockRequest,
      response: clockView,
      handler: ({ body }) => control.set(body),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/advance`,
      role: 'operator',
      tag,
      summary: 'Jump forward in time',
      description:
        'By an ISO 8601 duration. All that falls due on the way is done, each at its moment, before the answer. Frozen time stays so; other time goes on from there.',
      body: clockAdvance,
      response: clockView,
      handler: ({ body }) => control.advance(body.duration),
    }),
  ];
}
