import {
  type FleetTemplateInput,
  fleetTemplate,
  type GalleryEntry,
  galleryEntry,
} from '../core/contract/simulators.ts';

const entry = (id: string, description: string, template: FleetTemplateInput): GalleryEntry =>
  galleryEntry.parse({ id, description, template: fleetTemplate.parse(template) });

/** Fleets to start from: one for each way of making up payloads. */
export const gallery: readonly GalleryEntry[] = [
  entry('room-climate', 'Temperature, humidity and CO₂ of rooms, drifting slowly', {
    name: 'Room climate',
    count: 20,
    idPattern: 'urn:lo:nsid:sim:room-{n}',
    groupPath: '/building/rooms',
    tags: ['climate'],
    periodMs: 10_000,
    payload: {
      kind: 'fields',
      model: 'climate_v1',
      fields: {
        temperature: { kind: 'randomWalk', start: 21, step: 0.3, min: 16, max: 28, decimals: 1 },
        humidity: { kind: 'randomWalk', start: 45, step: 1.5, min: 25, max: 70, decimals: 0 },
        co2: { kind: 'randomWalk', start: 600, step: 40, min: 400, max: 1800, decimals: 0 },
        battery: { kind: 'counter', start: 100, step: -0.01 },
      },
    },
  }),
  entry('gps-tracker', 'A vehicle on the quays of the Seine in Paris, there and back at 36 km/h', {
    name: 'GPS tracker',
    count: 1,
    idPattern: 'urn:lo:nsid:sim:tracker-{n}',
    groupPath: '/vehicles',
    tags: ['tracker'],
    periodMs: 5000,
    payload: {
      kind: 'fields',
      model: 'tracker_v1',
      fields: {
        speedKmH: { kind: 'randomWalk', start: 36, step: 2, min: 30, max: 42, decimals: 0 },
        satellites: { kind: 'enum', values: [7, 8, 8, 9, 9, 10] },
      },
      location: {
        // Pont de Bercy, Austerlitz, Notre-Dame, Pont Neuf, Concorde, Alma, Eiffel Tower.
        points: [
          [48.83785, 2.37445],
          [48.84465, 2.36635],
          [48.85165, 2.35155],
          [48.85705, 2.34155],
          [48.86345, 2.31955],
          [48.86385, 2.30165],
          [48.85935, 2.29335],
        ],
        speedMPerS: 10,
      },
    },
  }),
  entry('machine', 'A machine with a counter of pieces and its state, mostly running', {
    name: 'Machine',
    count: 5,
    idPattern: 'urn:lo:nsid:sim:machine-{n}',
    groupPath: '/plant/line 1',
    tags: ['machine'],
    periodMs: 2000,
    payload: {
      kind: 'fields',
      model: 'machine_v1',
      fields: {
        pieces: { kind: 'counter', start: 0, step: 1 },
        state: { kind: 'enum', values: ['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING', 'IDLE', 'FAULT'] },
        vibration: { kind: 'randomWalk', start: 2.5, step: 0.4, min: 0.5, max: 9, decimals: 2 },
        serviced: { kind: 'constant', value: true },
      },
    },
  }),
  entry('energy-meter', 'Power over a day of ten minutes, as a sine', {
    name: 'Energy meter',
    count: 10,
    idPattern: 'urn:lo:nsid:sim:meter-{n}',
    groupPath: '/building/meters',
    tags: ['energy'],
    periodMs: 5000,
    payload: {
      kind: 'fields',
      model: 'meter_v1',
      fields: {
        powerW: { kind: 'sine', mean: 1800, amplitude: 1200, periodS: 600, decimals: 0 },
        voltageV: { kind: 'randomWalk', start: 230, step: 0.8, min: 222, max: 238, decimals: 1 },
        energyWh: { kind: 'counter', start: 120_000, step: 2.5 },
      },
    },
  }),
  entry('backend', 'A backend that speaks for 20 valves as an external connector, over one connection', {
    name: 'Backend',
    connector: 'x-connector',
    count: 20,
    idPattern: 'valve-{n}',
    groupPath: '/backend',
    tags: ['valve'],
    periodMs: 10_000,
    payload: {
      kind: 'fields',
      model: 'valve_v1',
      fields: {
        openPercent: { kind: 'randomWalk', start: 50, step: 5, min: 0, max: 100, decimals: 0 },
        flowLMin: { kind: 'randomWalk', start: 12, step: 1, min: 0, max: 30, decimals: 1 },
      },
    },
  }),
  entry('lwm2m-sensor', 'LwM2M 1.1 sensors of temperature and humidity, with firmware updates', {
    name: 'LwM2M sensor',
    connector: 'lwm2m',
    count: 3,
    idPattern: 'sensor-{n}',
    groupPath: '/building/sensors',
    tags: ['lwm2m'],
    periodMs: 5000,
    objects: [{ id: 3303 }, { id: 3304 }],
    values: {
      '/3303/0/5700': { kind: 'randomWalk', start: 21, step: 0.3, min: 16, max: 28, decimals: 1 },
      '/3304/0/5700': { kind: 'randomWalk', start: 45, step: 1.5, min: 25, max: 70, decimals: 0 },
    },
  }),
  entry('lwm2m-tracker', 'LwM2M 1.0 trackers that bootstrap, sleep between their messages, and move', {
    name: 'LwM2M tracker',
    connector: 'lwm2m',
    version: '1.0',
    count: 2,
    idPattern: 'lwm2m-tracker-{n}',
    groupPath: '/vehicles',
    tags: ['lwm2m', 'tracker'],
    periodMs: 10_000,
    bootstrap: true,
    queueMode: true,
    updateEveryS: 120,
    location: {
      points: [
        [43.6045, 1.444],
        [43.6119, 1.4539],
        [43.629, 1.3638],
      ],
      speedMPerS: 12,
    },
  }),
  entry('lora-climate', 'LoRa sensors of temperature and humidity around Paris, with three gateways', {
    name: 'LoRa climate',
    connector: 'lora',
    count: 5,
    idPattern: '02F1EE7B01{n}',
    groupPath: '/lora/climate',
    tags: ['lora', 'climate'],
    periodMs: 30_000,
    payload: {
      kind: 'cayenne',
      channels: [
        {
          type: 'temperature',
          channel: 1,
          value: { kind: 'randomWalk', start: 21, step: 0.3, min: 16, max: 28, decimals: 1 },
        },
        {
          type: 'humidity',
          channel: 2,
          value: { kind: 'randomWalk', start: 45, step: 1.5, min: 25, max: 70, decimals: 1 },
        },
        { type: 'gps', channel: 3 },
      ],
    },
  }),
  entry(
    'lora-valve',
    'LoRa valves of class C, which take commands at once and have their uplinks acknowledged',
    {
      name: 'LoRa valve',
      connector: 'lora',
      count: 2,
      idPattern: '02F1EE7B02{n}',
      groupPath: '/lora/valves',
      tags: ['lora', 'valve'],
      periodMs: 60_000,
      deviceClass: 'C',
      confirmed: true,
      payload: {
        kind: 'hex',
        text: '01{{u8 openPercent}}{{u16 flow*10}}',
        fields: {
          openPercent: { kind: 'randomWalk', start: 50, step: 5, min: 0, max: 100, decimals: 0 },
          flow: { kind: 'randomWalk', start: 12, step: 1, min: 0, max: 30, decimals: 1 },
        },
      },
    },
  ),
  entry('handset', 'Handsets that answer TEMP by themselves, and on which one can type', {
    name: 'Handset',
    connector: 'sms',
    count: 2,
    idPattern: 'handset-{n}',
    groupPath: '/phones',
    tags: ['sms'],
    answers: [
      { kind: 'keyword', keyword: 'TEMP', text: 'T={{random 18.0 24.0}}', delayMs: 1000 },
      { kind: 'keyword', keyword: 'ECHO', text: 'I am {{device}}' },
    ],
  }),
  entry('csv-replay', 'Recorded rows, sent one after the other and again from the first', {
    name: 'CSV replay',
    count: 1,
    idPattern: 'urn:lo:nsid:sim:replay-{n}',
    tags: ['replay'],
    periodMs: 5000,
    payload: {
      kind: 'csv',
      model: 'door_v1',
      text: 'temperature,door,alarm\n4.1,closed,false\n4.3,closed,false\n6.8,open,false\n9.2,open,true\n5.0,closed,false\n',
    },
  }),
  entry('raw-template', 'Text with places to fill, for any payload at all', {
    name: 'Raw template',
    count: 3,
    idPattern: 'urn:lo:nsid:sim:raw-{n}',
    tags: ['raw'],
    periodMs: 5000,
    payload: {
      kind: 'template',
      text: '{\n  "timestamp": "{{time}}",\n  "model": "raw_v1",\n  "value": { "n": {{n}}, "level": {{random 0 100}}, "from": "{{device}}" }\n}',
    },
  }),
];
