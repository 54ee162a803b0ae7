import { shellText } from '../../ui/curl.ts';

export const transports = ['mqtt', 'mqtts', 'ws', 'http'] as const;
export type Transport = (typeof transports)[number];

export interface SnippetParts {
  readonly transport: Transport;
  /** The address that listens, such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly deviceId: string;
  readonly key: string;
}

export interface Snippet {
  readonly name: string;
  readonly text: string;
}

const defaultPorts: Readonly<Record<Transport, string>> = {
  mqtt: '1883',
  mqtts: '8883',
  ws: '80',
  http: '80',
};

/** Lines that send one message as the device, ready to paste. */
export function snippets({ transport, url, deviceId, key }: SnippetParts): Snippet[] {
  const { hostname, port: given, pathname } = new URL(url);
  const port = given || defaultPorts[transport];
  const tls = transport === 'mqtts';
  const value = JSON.stringify({ value: { temperature: 21.5 } });
  if (transport === 'http') {
    const stream = encodeURIComponent(deviceId);
    return [
      {
        name: 'curl',
        text: [
          `curl -X POST '${url.replace(/\/$/, '')}/api/v0/data/streams/${stream}'`,
          `  -H 'X-API-Key: ${key}' -H 'Content-Type: application/json'`,
          `  -d '${shellText(value)}'`,
        ].join(' \\\n'),
      },
    ];
  }
  const javascript = {
    name: 'mqtt.js',
    text: `import mqtt from 'mqtt';
${tls ? "import { readFileSync } from 'node:fs';\n" : ''}
const client = await mqtt.connectAsync('${url}', {
  clientId: '${deviceId}',
  username: 'json+device',
  password: '${key}',${tls ? "\n  ca: readFileSync('ca.pem')," : ''}
});
await client.publishAsync('dev/data', JSON.stringify({ value: { temperature: 21.5 } }), { qos: 1 });
await client.endAsync();`,
  };
  const python = {
    name: 'Python (paho)',
    text: `import json
import paho.mqtt.client as mqtt

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="${deviceId}"${transport === 'ws' ? ', transport="websockets"' : ''})
client.username_pw_set("json+device", "${key}")
${tls ? 'client.tls_set("ca.pem")\n' : ''}${transport === 'ws' ? `client.ws_set_options(path="${pathname}")\n` : ''}client.connect("${hostname}", ${port})
client.loop_start()
client.publish("dev/data", json.dumps({"value": {"temperature": 21.5}}), qos=1).wait_for_publish()
client.disconnect()`,
  };
  // mosquitto_pub speaks no WebSocket.
  if (transport === 'ws') return [javascript, python];
  return [
    {
      name: 'mosquitto_pub',
      text: [
        `mosquitto_pub -h ${hostname} -p ${port}${tls ? ' --cafile ca.pem' : ''} -i '${deviceId}'`,
        `  -u json+device -P ${key}`,
        `  -q 1 -t dev/data -m '${shellText(value)}'`,
      ].join(' \\\n'),
    },
    javascript,
    python,
  ];
}
