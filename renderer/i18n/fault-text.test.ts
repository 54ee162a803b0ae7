import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createApiKeyRequest, updateApiKeyRequest } from '../../core/contract/api-keys.ts';
import { createCampaignRequest } from '../../core/contract/campaigns.ts';
import { createCaCertificateRequest } from '../../core/contract/certificates.ts';
import { configTypes, problemOfKey, problemOfValue } from '../../core/contract/configuration.ts';
import { createDeviceRequest, updateDeviceRequest } from '../../core/contract/devices.ts';
import { createGroupRequest, updateGroupRequest } from '../../core/contract/groups.ts';
import { interfaceKinds } from '../../core/contract/interface-kinds/index.ts';
import { createResourceRequest } from '../../core/contract/resources.ts';
import { fifoName } from '../../core/contract/routing.ts';
import { fleetTemplate } from '../../core/contract/simulators.ts';
import { createTenantRequest } from '../../core/contract/tenants.ts';
import { createUserRequest, passwordDemands, updateUserRequest } from '../../core/contract/users.ts';
import { problemsOf } from '../ui/form-problems.ts';
import { faultText } from './fault-text.ts';

/** The schemas of all forms. */
const schemas: readonly z.ZodType[] = [
  ...[createApiKeyRequest, updateApiKeyRequest, createCampaignRequest, createCaCertificateRequest],
  ...[createDeviceRequest, updateDeviceRequest, createGroupRequest, updateGroupRequest],
  ...[createResourceRequest, createTenantRequest, createUserRequest, updateUserRequest],
  ...[fleetTemplate, fifoName],
  ...interfaceKinds.map(({ definition }) => definition),
];

/** The texts that a schema and all within it have of their own for what does not fit. */
function textsOf(schema: z.ZodType): Set<string> {
  const texts = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (given: unknown): void => {
    const { def } = (given as { _zod?: { def: Record<string, unknown> } } | undefined)?._zod ?? {};
    if (!def || seen.has(given)) return;
    seen.add(given);
    const text: unknown =
      typeof def.error === 'function' ? def.error({ code: 'custom', input: 0 }) : undefined;
    if (typeof text === 'string') texts.add(text);
    for (const part of [...Object.values(def), ...Object.values((def.shape ?? {}) as object)]) {
      if (Array.isArray(part)) part.forEach(walk);
      else walk(part);
    }
  };
  walk(schema);
  return texts;
}

const isEnglish = (text: string): boolean => /\b(must|needed|cannot|only|letters?|give)\b/.test(text);

describe('in French', () => {
  it('everything that a schema of a form can say has a text', () => {
    const all = new Set(schemas.flatMap((schema) => [...textsOf(schema)]));
    expect(all.size).toBeGreaterThan(50);
    expect([...all].filter((text) => isEnglish(faultText(text, 'fr')))).toEqual([]);
  });

  it('what is wrong with a parameter has one, too', () => {
    const said = [
      ...configTypes.flatMap((type) => [problemOfValue(type, true), problemOfValue(type, 'x'.repeat(3000))]),
      ...['', '$a', 'k'.repeat(300)].map(problemOfKey),
    ].filter((text) => text !== undefined);
    expect(said.length).toBeGreaterThan(8);
    expect(said.filter((text) => isEnglish(faultText(text, 'fr')))).toEqual([]);
  });

  it.each([
    ['must have at most 24 characters', 'doit avoir au plus 24 caractères'],
    ['must be from -90 to 90', 'doit être de -90 à 90'],
    ['must be one of A, B', 'doit être l’un de A, B'],
    ['must have at least 8 characters, a digit', 'doit avoir au moins 8 caractères, un chiffre'],
    ['must not hold / or * or control characters', 'ne doit pas contenir / ni * ni caractères de contrôle'],
    ['something new', 'something new'],
  ])('%s', (english, french) => {
    expect(faultText(english, 'fr')).toBe(french);
    expect(faultText(english, 'en')).toBe(english);
  });

  it('a password is told all that it lacks', () => {
    const text = `must have ${passwordDemands.map(({ what }) => what).join(', ')}`;
    expect(faultText(text, 'fr')).toBe(
      'doit avoir au moins 8 caractères, une majuscule, une minuscule, un chiffre, un caractère spécial',
    );
  });
});

it('what a schema has no text for is said in plain words', () => {
  const problems = problemsOf(createUserRequest, { login: 'ada', roles: ['KING'] }, 'is needed');
  expect(problems.get('roles.0')).toMatch(/^must be one of API_KEY_R, /);
});

it('says in French why the LoRa network dropped a frame, each reason in its own words', () => {
  const said = [
    'Uplink with frame counter 6, which is of the past',
    'Join-request with appEUI 0011223344556677; the interface has 8899AABBCCDDEEFF',
    'Join-request of 02F1EE7B01000001, which no LoRa interface has',
    'Join-request on 868.1 MHz is not of US915',
    'Join-request: the disk is full',
  ];
  expect(said.map((text) => faultText(text, 'fr'))).toEqual([
    'Trame avec le compteur 6, qui est du passé',
    'Demande d’activation avec l’appEUI 0011223344556677 ; l’interface a 8899AABBCCDDEEFF',
    'Demande d’activation de 02F1EE7B01000001, qu’aucune interface LoRa n’a',
    'Demande d’activation sur 868.1 MHz, hors de la région US915',
    'Demande d’activation : the disk is full',
  ]);
});

it('knows in French each text of the LoRa network about a dropped frame', async () => {
  const files = ['join-server.ts', 'uplinks.ts', 'lora-connector.ts'];
  const folder = new URL('../../core/connectors/lora/', import.meta.url);
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
  const text = /['`]((?:Uplink|Join-request|Frame|More frames)[^'`]*)['`]/g;
  const texts = sources.flatMap((source) => [...source.matchAll(text)].map(([, found = '']) => found));
  expect(texts.length).toBeGreaterThan(15);
  const untold = texts.filter((each) => {
    const whole = each.replace(/\$\{than\}/, 'after 1').replace(/\$\{[^}]*\}/g, '1');
    return faultText(whole, 'fr') === whole;
  });
  expect(untold).toEqual([]);
});
