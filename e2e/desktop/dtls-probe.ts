// Runs as the main process of an Electron: DTLS between a server and clients with every suite, and what CCM gives there.
import { createCipheriv, getCiphers } from 'node:crypto';
import { app } from 'electron';
import { nodeRandom } from '../../core/platform/node/node-random.ts';
import { RealClock } from '../../core/platform/node/real-clock.ts';
import { Ccm } from '../../core/protocols/dtls/ccm.ts';
import { DtlsClient } from '../../core/protocols/dtls/client.ts';
import { DtlsServer } from '../../core/protocols/dtls/server.ts';
import { cipherSuites, type SuiteName } from '../../core/protocols/dtls/suites.ts';
import { type CcmCase, type DtlsProbeResult, probeMark } from './dtls-probe-result.ts';

const key = nodeRandom.bytes(16);
const place = { address: '127.0.0.1', port: 5684 };

async function echoWith(suite: SuiteName): Promise<string> {
  const clock = new RealClock();
  const server: DtlsServer = new DtlsServer({
    clock,
    random: nodeRandom,
    send: (datagram) => queueMicrotask(() => client.receive(datagram)),
    pskOf: () => ({ key }),
    onSession: (session) => session.onMessage((bytes) => session.send(bytes)),
  });
  const client: DtlsClient = new DtlsClient({
    clock,
    random: nodeRandom,
    server: place,
    send: (datagram) => queueMicrotask(() => server.receive(datagram, place)),
    pskIdentity: 'device',
    key,
    suites: [suite],
  });
  const session = await client.connect();
  const echo = new Promise<Uint8Array>((resolve) => session.onMessage(resolve));
  session.send(Buffer.from(`hello with ${session.suite}`));
  const text = Buffer.from(await echo).toString();
  client.close();
  server.stop();
  return text;
}

function sealed({ key: caseKey, tagBytes, nonce, additional, plaintext }: CcmCase): string {
  const [keyBytes, nonceBytes, additionalBytes, content] = [caseKey, nonce, additional, plaintext].map(
    (text) => Buffer.from(text, 'hex'),
  ) as [Buffer, Buffer, Buffer, Buffer];
  const ccm = new Ccm(keyBytes, tagBytes);
  const target = new Uint8Array(content.length + tagBytes);
  ccm.seal(nonceBytes, additionalBytes, content, target, 0);
  const opened = ccm.open(nonceBytes, additionalBytes, target);
  if (!opened || !content.equals(opened)) return 'not opened again';
  return Buffer.from(target).toString('hex');
}

function hasOwnCcm(): boolean {
  try {
    createCipheriv('aes-128-ccm', new Uint8Array(16), new Uint8Array(12), { authTagLength: 8 });
    return true;
  } catch {
    return false;
  }
}

async function probe(): Promise<void> {
  const cases = JSON.parse(process.env.FLEETBENCH_CCM_CASES ?? '[]') as CcmCase[];
  const echoes: Record<string, string> = {};
  for (const { name } of cipherSuites) echoes[name] = await echoWith(name);
  const result: DtlsProbeResult = {
    electron: process.versions.electron ?? '',
    hasOwnCcm: hasOwnCcm() || getCiphers().includes('aes-128-ccm'),
    sealed: cases.map(sealed),
    echoes,
  };
  process.stdout.write(`${probeMark}${JSON.stringify(result)}\n`);
}

probe().then(
  () => app.exit(0),
  (error) => {
    console.error(error);
    app.exit(1);
  },
);
