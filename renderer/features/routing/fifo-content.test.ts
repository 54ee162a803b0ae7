import { expect, test } from 'vitest';
import { readContent } from './fifo-content.ts';

const device = 'urn:lo:nsid:demo:pump';

test('a data message shows its device and its value in short', () => {
  const body = JSON.stringify({ type: 'dataMessage', value: { level: 2 }, metadata: { source: device } });
  expect(readContent(body)).toEqual({ type: 'dataMessage', device, simulated: false, summary: 'level 2' });
  const marked = body.replace('}}', '},"extra":{"simulated":"true"}}');
  expect(readContent(marked)).toMatchObject({ device, simulated: true });
});

test.each(['no json', '[1]', '7', 'null', '{"hello":"world"}', '{"type":5}'])(
  'what an application published stays as it is: %s',
  (body) => {
    expect(readContent(body)).toEqual({ type: '', device: undefined, simulated: false, summary: body });
  },
);

test('a data message without a value, and a message of another type, show their whole body', () => {
  for (const body of [
    '{"type":"dataMessage","value":null}',
    '{"type":"deviceCreated","metadata":{"source":3}}',
  ]) {
    expect(readContent(body)).toMatchObject({ device: undefined, summary: body });
  }
});
