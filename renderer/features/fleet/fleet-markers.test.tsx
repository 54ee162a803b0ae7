// @vitest-environment happy-dom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startI18n } from '../../i18n/i18n.ts';
import { FleetMarkers } from './fleet-markers.tsx';
import { type Marker, markersOfDevices } from './markers.ts';

beforeAll(startI18n);
afterEach(cleanup);

/** A pixel for each degree, the whole world in the window. */
const toPixel = ({ lat, lon }: { lat: number; lon: number }) => ({ x: lon + 180, y: 90 - lat });

function show(markers: readonly Marker[], onOpen: (marker: Marker) => void = () => undefined): void {
  render(
    <MantineProvider>
      <FleetMarkers markers={markers} toPixel={toPixel} size={{ width: 360, height: 180 }} onOpen={onOpen} />
    </MantineProvider>,
  );
}

const device = (id: string, lat: number, lon: number, name?: string) => ({
  id,
  staticLocation: { lat, lon },
  ...(name === undefined ? {} : { name }),
});

test('a device is a link to its page, with its name and its state, where it is', () => {
  show(markersOfDevices([device('urn:lo:nsid:a:b', 40, -20, 'Pump'), device('urn:lo:nsid:a:c', -40, 100)]));
  const pump = screen.getByRole('link', { name: /no interface\s*Pump/ });
  expect(pump.getAttribute('href')).toBe('#/devices/urn%3Alo%3Ansid%3Aa%3Ab');
  expect([pump.style.left, pump.style.top]).toEqual(['160px', '50px']);
  expect(screen.getByRole('link', { name: /urn:lo:nsid:a:c/ })).toBeDefined();
});

test('devices that would cover each other are one button, which says how many and where', () => {
  const opened: Marker[] = [];
  show(markersOfDevices([device('a', 10, 0), device('b', 12, 0)]), (marker) => opened.push(marker));
  expect(screen.queryByRole('link')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: '2 devices near 11°, 0°: closer' }));
  expect(opened[0]?.bounds).toEqual({ topLeft: { lat: 12, lon: 0 }, bottomRight: { lat: 10, lon: 0 } });
});

test('what is out of the window is not there', () => {
  show([
    { lat: 0, lon: 400, count: 3, bounds: { topLeft: { lat: 0, lon: 0 }, bottomRight: { lat: 0, lon: 0 } } },
  ]);
  expect(screen.queryByRole('button')).toBeNull();
});
