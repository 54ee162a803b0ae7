import { shellText } from '../../ui/curl.ts';

export const transports = ['mqtt', 'mqtts', 'ws', 'http'] as const;
export type Transport = (typeof transports)[number];

export interface SnippetParts {
  readonly transport: Transport;
  /** The address that listens, such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly clientId: string;
  /** Where HTTP posts to. */
  readonly streamId: string;
  readonly key: string;
  readonly topic: string;
  readonly payload: string;
}

export interface Snippet {
  readonly name: string;
  readonly text: string;
  /** To know before it is used. */
  readonly note?: string;
}

export const firstTopic = 'dev/data';
export const firstPayload = JSON.stringify({ value: { temperature: 21.5 } });

const defaultPorts: Readonly<Record<Transport, string>> = {
  mqtt: '1883',
  mqtts: '8883',
  ws: '80',
  http: '80',
};

/** Lines that send one message as the device, ready to paste. */
export function snippets(parts: SnippetParts): Snippet[] {
  switch (parts.transport) {
    case 'http':
      return [curlLine(parts)];
    case 'ws':
      // mosquitto_pub speaks no WebSocket.
      return [javascript(parts), python(parts)];
    case 'mqtt':
    case 'mqtts':
      return [mosquitto(parts), javascript(parts), python(parts)];
  }
}

function mosquitto({ transport, url, clientId, key, topic, payload }: SnippetParts): Snippet {
  const { hostname, port } = new URL(url);
  const authority = transport === 'mqtts' ? ' --cafile ca.pem' : '';
  return {
    name: 'mosquitto_pub',
    text: [
      `mosquitto_pub -h ${hostname} -p ${port || defaultPorts[transport]}${authority} -i '${shellText(clientId)}'`,
      `  -u json+device -P ${key}`,
      `  -q 1 -t '${shellText(topic)}' -m '${shellText(payload)}'`,
    ].join(' \\\n'),
  };
}

function javascript({ transport, url, clientId, key, topic, payload }: SnippetParts): Snippet {
  const tls = transport === 'mqtts';
  return {
    name: 'mqtt.js',
    text: `import mqtt from 'mqtt';
${tls ? "import { readFileSync } from 'node:fs';\n" : ''}
const client = await mqtt.connectAsync('${url}', {
  clientId: ${quoted(clientId)},
  username: 'json+device',
  password: '${key}',${tls ? "\n  ca: readFileSync('ca.pem')," : ''}
});
await client.publishAsync(${quoted(topic)}, ${quoted(payload)}, { qos: 1 });
await client.endAsync();`,
  };
}

function python({ transport, url, clientId, key, topic, payload }: SnippetParts): Snippet {
  const { hostname, port, pathname } = new URL(url);
  const socket = transport === 'ws';
  const lines = [
    'import paho.mqtt.client as mqtt',
    '',
    `client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=${quoted(clientId)}${socket ? ', transport="websockets"' : ''})`,
    `client.username_pw_set("json+device", "${key}")`,
    transport === 'mqtts' ? 'client.tls_set("ca.pem")' : undefined,
    socket ? `client.ws_set_options(path="${pathname}")` : undefined,
    `client.connect("${hostname}", ${port || defaultPorts[transport]})`,
    'client.loop_start()',
    `client.publish(${quoted(topic)}, ${quoted(payload)}, qos=1).wait_for_publish()`,
    'client.disconnect()',
  ];
  return { name: 'Python (paho)', text: lines.filter((line) => line !== undefined).join('\n') };
}

function curlLine({ url, streamId, key, payload }: SnippetParts): Snippet {
  return {
    name: 'curl',
    text: [
      `curl -X POST '${url.replace(/\/$/, '')}/api/v0/data/streams/${encodeURIComponent(streamId)}'`,
      `  -H 'X-API-Key: ${key}' -H 'Content-Type: application/json'`,
      `  -d '${shellText(payload)}'`,
    ].join(' \\\n'),
  };
}

/** As a text of JavaScript, and of Python: both read what JSON writes. */
const quoted = (text: string): string => {
  const plain = /^[^'\\\p{Cc}]*$/u.test(text);
  return plain ? `'${text}'` : JSON.stringify(text);
};
