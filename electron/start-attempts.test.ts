import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { createPinoLogger } from '../host/commands.ts';
import { readServeFlags } from '../host/flags.ts';
import { toStartFailure } from '../host/start-failure.ts';
import { startHost } from '../host/start-host.ts';
import { type AttemptParts, startWithQuestions } from './start-attempts.ts';
import type { StartChoice, StartQuestion } from './start-question.ts';

function partsFor(argv: readonly string[], answers: StartChoice[]) {
  const questions: StartQuestion[] = [];
  const done: string[] = [];
  const parts: AttemptParts<Awaited<ReturnType<typeof startHost>>> = {
    readFlags: () =>
      readServeFlags(
        [
          '--ephemeral',
          '--https-port=off',
          '--mqtts-port=off',
          '--coaps-port=off',
          '--bs-port=off',
          '--lora-port=off',
          '--smpp-port=off',
          ...argv,
        ],
        '',
      ),
    start: ({ host, ports, dataDir, masterKey }) =>
      startHost({ host, ports, dataDir, masterKey, settings: undefined, logger: createPinoLogger('error') }),
    explain: toStartFailure,
    ask: async (question) => {
      questions.push(question);
      return answers.shift() ?? 'quit';
    },
    repair: async () => void done.push('repair'),
    openDataFolder: async () => void done.push('open'),
  };
  return { parts, questions, done };
}

it('takes a free port in the place of each that is taken, when the user says so', async () => {
  const others = [createServer(), createServer()];
  for (const other of others) await once(other.listen(0, '127.0.0.1'), 'listening');
  const [http, mqtt] = others.map((other) => (other.address() as AddressInfo).port);
  try {
    const { parts, questions } = partsFor(
      ['--http-port', `${http}`, '--mqtt-port', `${mqtt}`],
      ['retry', 'free-port', 'free-port'],
    );
    const running = await startWithQuestions(parts);
    expect(questions.map(({ message }) => message)).toEqual([
      `Port ${http} is not free`,
      `Port ${http} is not free`,
      `Port ${mqtt} is not free`,
    ]);
    const { endpoints } = running!;
    expect((await fetch(`${endpoints.http}/bench/v1/health`)).status).toBe(200);
    expect(new URL(endpoints.http!).port).not.toBe(`${http}`);
    expect(endpoints.mqtt).not.toContain(`:${mqtt}`);
    await running?.stop();
  } finally {
    for (const other of others) other.close();
  }
});

it('is over when the user gives up', async () => {
  const { parts, questions } = partsFor(['--host', 'x y'], ['quit']);
  expect(await startWithQuestions(parts)).toBeUndefined();
  expect(questions).toHaveLength(1);
});

it('repairs, opens the folder, and tries again', async () => {
  const { parts, done } = partsFor([], ['open-data-folder', 'repair', 'quit']);
  const damaged = Object.assign(new Error('Damaged.'), { code: 'store.damaged' });
  const start = async (): Promise<never> => {
    throw damaged;
  };
  expect(await startWithQuestions({ ...parts, start })).toBeUndefined();
  expect(done).toEqual(['open', 'repair']);
});

it('throws a defect', async () => {
  const { parts, questions } = partsFor([], []);
  const start = async (): Promise<never> => {
    throw new TypeError('x is undefined');
  };
  await expect(startWithQuestions({ ...parts, start })).rejects.toThrow('x is undefined');
  expect(questions).toEqual([]);
});
