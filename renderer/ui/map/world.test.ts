import { expect, test } from 'vitest';
import { countryName, world } from './world.ts';

const { land, borders, countries } = world();
const named = (name: string) => countries.find((country) => country.name === name)!;

test('the world has land, borders and countries', () => {
  expect(land).toMatch(/^M[\d.]+,[\d.]+L/);
  expect(borders.length).toBeGreaterThan(10_000);
  expect(countries.length).toBeGreaterThan(200);
});

test('a name stands on the mainland, not in the sea between it and what is overseas', () => {
  const { lat, lon } = named('France');
  expect(lat).toBeCloseTo(46.5, 0);
  expect(lon).toBeGreaterThan(1);
  expect(lon).toBeLessThan(4);
  expect(named('France').width).toBeLessThan(named('Russia').width);
});

test('names are in the language of the portal, and as drawn for what has no code', () => {
  expect(countryName(named('Germany'), 'fr')).toBe('Allemagne');
  expect(countryName(named('Germany'), 'en')).toBe('Germany');
  expect(countryName(named('Kosovo'), 'fr')).toBe('Kosovo');
});
