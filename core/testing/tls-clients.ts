import { readFile } from 'node:fs/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { type Issued, run } from './openssl.ts';

export interface TestConnect {
  /** For example `mqtts://127.0.0.1:8883`; the client calls the host localhost. */
  readonly endpoint: string;
  /** PEM file of the authorities that the client trusts; undefined: those of the system only. */
  readonly trustedFile: string | undefined;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  /** Certificate and key that the client shows; undefined: none. */
  readonly identity?: Pick<Issued, 'certificate' | 'key' | 'certificateFile' | 'keyFile'> | undefined;
  readonly tls?: 'TLSv1.2' | 'TLSv1.3';
  /** Show a certificate also when it is signed with a hash that OpenSSL would not use any more. */
  readonly anyDigest?: boolean;
}

/** The return code of the CONNACK, or what kept it from coming. */
export type ConnectAnswer = { readonly connack: number } | { readonly failure: string };

/** Connects with MQTT.js, which stays connected; rejects with its error, whose `code` is that of the CONNACK. */
export async function openWithMqttJs(options: TestConnect): Promise<MqttClient> {
  const { endpoint, trustedFile, clientId, username, password, identity, tls, anyDigest } = options;
  const secure: IClientOptions = {
    ...(trustedFile && { ca: await readFile(trustedFile) }),
    ...(identity && { cert: identity.certificate, key: identity.key }),
    ...(tls && { minVersion: tls, maxVersion: tls }),
    ...(anyDigest && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
    servername: 'localhost',
  };
  return mqtt.connectAsync(endpoint, {
    ...{ clientId, username, password, reconnectPeriod: 0, keepalive: 0 },
    ...(/^(mqtts|wss):/.test(endpoint) ? { ...secure, wsOptions: secure } : {}),
  });
}

/** Connects with MQTT.js, and leaves. */
export async function connectWithMqttJs(options: TestConnect): Promise<ConnectAnswer> {
  try {
    const client = await openWithMqttJs(options);
    await client.endAsync();
    return { connack: 0 };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    return typeof code === 'number' ? { connack: code } : { failure: message };
  }
}

/** Publishes one message with mosquitto_pub, which ends with the code of the CONNACK or tells what else went wrong. */
export async function connectWithMosquitto(options: TestConnect): Promise<ConnectAnswer> {
  const { endpoint, trustedFile, clientId, username, password, identity } = options;
  const { port, protocol } = new URL(endpoint);
  const secure = protocol === 'mqtts:';
  const { code, output } = await run(
    'mosquitto_pub',
    ...['-h', secure ? 'localhost' : '127.0.0.1', '-p', port, '-V', '311', '-i', clientId],
    ...['-u', username, '-P', password, '-q', '1', '-t', 'dev/data', '-m', '{"v":{"a":1}}'],
    ...(secure ? (trustedFile ? ['--cafile', trustedFile] : ['--tls-use-os-certs']) : []),
    ...(identity ? ['--cert', identity.certificateFile, '--key', identity.keyFile] : []),
  );
  if (code === 0) return { connack: 0 };
  return /Connection Refused/i.test(output) ? { connack: code ?? -1 } : { failure: output };
}
