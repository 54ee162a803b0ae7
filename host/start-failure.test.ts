import { expect, it } from 'vitest';
import { PlatformError } from '../core/contract/errors.ts';
import { toStartFailure } from './start-failure.ts';

it('tells the port that could not be had', () => {
  const cause = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 1883 });
  expect(toStartFailure(new PlatformError('platform.listen', 'Port 1883 is in use.', { cause }))).toEqual({
    code: 'platform.listen',
    message: 'Port 1883 is in use.',
    details: undefined,
    port: 1883,
  });
});

it('tells no port that may not be had', () => {
  const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES', port: 80 });
  const error = new PlatformError('platform.listen', 'Not allowed.', { cause });
  expect(toStartFailure(error)?.port).toBeUndefined();
});

it('knows an error of another bundle by its code', () => {
  const error = Object.assign(new Error('In use.'), { code: 'store.locked', details: 'by 7' });
  expect(toStartFailure(error)).toMatchObject({ code: 'store.locked', message: 'In use.', details: 'by 7' });
});

it('tells what the system refused', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir '/x'"), { syscall: 'mkdir' });
  expect(toStartFailure(error)).toMatchObject({
    code: undefined,
    message: "Cannot start: EACCES: permission denied, mkdir '/x'",
  });
});

it.each([
  new TypeError('x is undefined'),
  'text',
  undefined,
  Object.assign(new Error('a'), { code: 'toString' }),
])('leaves a defect a defect: %s', (error) => {
  expect(toStartFailure(error)).toBeUndefined();
});
