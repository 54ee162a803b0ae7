import { describe, expect, it } from 'vitest';
import { codeText } from '../../protocols/coap/codes.ts';
import { RegistrationRefused, readRegisterQuery } from './register-query.ts';

const refusal = (...queries: string[]): string => {
  try {
    readRegisterQuery(queries);
    return 'taken';
  } catch (error) {
    if (error instanceof RegistrationRefused) return `${codeText(error.code)} ${error.message}`;
    throw error;
  }
};

describe('the queries of a registration', () => {
  it('are read as LwM2M 1.0 and 1.1 write them', () => {
    expect(readRegisterQuery(['ep=urn:lo:lwm2m:a', 'lt=300', 'lwm2m=1.0', 'b=UQ'])).toEqual({
      endpointName: 'urn:lo:lwm2m:a',
      lifetimeMs: 300_000,
      version: '1.0',
      bindings: ['U'],
      queueMode: true,
    });
    expect(readRegisterQuery(['ep=a=b', 'lwm2m=1.1', 'b=UT', 'Q', 'et', 'x=1'])).toMatchObject({
      endpointName: 'a=b',
      version: '1.1',
      bindings: ['U', 'T'],
      queueMode: true,
    });
    expect(readRegisterQuery(['b=U'])).toMatchObject({ queueMode: false });
    expect(readRegisterQuery([])).toEqual({
      endpointName: undefined,
      lifetimeMs: undefined,
      version: undefined,
      bindings: undefined,
      queueMode: undefined,
    });
  });

  it('speaks 1.1 to a later version, as that has to understand it', () => {
    expect(readRegisterQuery(['lwm2m=1.2'])).toMatchObject({ version: '1.1' });
  });

  it.each([
    [['lt=0'], '4.00 lt must be'],
    [['lt=-1'], '4.00 lt must be'],
    [['lt=1.5'], '4.00 lt must be'],
    [['lt=99999999999'], '4.00 lt must be'],
    [['lt=1', 'lt=2'], '4.00 lt is there twice'],
    [['lwm2m=2.0'], '4.12 lwm2m=2.0 is not spoken here'],
    [['lwm2m='], '4.12 lwm2m= is not spoken here'],
    [['b=X'], '4.00 b must name'],
    [['b='], '4.00 b must name'],
  ])('%j is refused', (queries, expected) => {
    expect(refusal(...queries)).toContain(expected);
  });
});
