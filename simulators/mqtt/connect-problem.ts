/** What happened to a connection, in words a user can act on. */
export interface ConnectProblem {
  readonly kind: 'refused' | 'lost';
  readonly text: string;
}

/** Return codes of CONNACK (MQTT 3.1.1, 3.2.2.3), and what they mean here. */
const refusals: Readonly<Record<number, string>> = {
  1: 'the platform does not speak this version of MQTT',
  2: 'the platform does not take this client id: it must be a device id, or 1 to 128 letters, digits and : - _',
  3: 'the platform is not available: it holds as many connections as it may, or is stopping',
  4: 'the API key or the user name is not valid',
  5: 'the API key may not connect devices, or the interface of the device is disabled',
};

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the address: is the platform running?',
  ECONNRESET: 'the connection was reset',
  EMFILE:
    'this program may open no more connections: raise the limit of open files (ulimit -n), or use fewer devices',
  EADDRNOTAVAIL: 'the system has no free port left for so many connections',
};

/** @param error what mqtt.js reports; its `code` is a number for an answer of the server, else a text */
export function connectProblem(error: Error & { code?: unknown }): ConnectProblem {
  const { code, message } = error;
  if (typeof code === 'number') {
    return { kind: 'refused', text: `refused with CONNACK code ${code}: ${refusals[code] ?? message}` };
  }
  const known = typeof code === 'string' ? failures[code] : undefined;
  return { kind: 'lost', text: known ? `${code}: ${known}` : message };
}
