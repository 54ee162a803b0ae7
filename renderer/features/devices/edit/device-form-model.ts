import {
  type CreateDeviceRequest,
  createDeviceRequest,
  type DeviceJson,
  staticLocation,
  updateDeviceRequest,
} from '../../../../core/contract/devices.ts';
import { type Problems, problemsOf } from '../../../ui/form-problems.ts';

/** A device as the form holds it: an empty text is nothing. */
export interface DeviceForm {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly groupId: string;
  readonly lat: string | number;
  readonly lon: string | number;
  readonly alt: string | number;
}

export const rootGroup = 'root';

export function toDeviceForm(device?: DeviceJson): DeviceForm {
  return {
    id: device?.id ?? '',
    name: device?.name ?? '',
    description: device?.description ?? '',
    tags: device?.tags ?? [],
    properties: Object.entries(device?.properties ?? {}).map(([name, value]) => ({ name, value })),
    groupId: device?.group?.id ?? rootGroup,
    lat: device?.staticLocation?.lat ?? '',
    lon: device?.staticLocation?.lon ?? '',
    alt: device?.staticLocation?.alt ?? '',
  };
}

const toNumber = (value: string | number): number | undefined => (value === '' ? undefined : Number(value));

/** The form as the body that registers a device. What is empty is left out, or null where it is to be taken away. */
function toBody<Nothing extends undefined | null>(form: DeviceForm, nothing: Nothing) {
  const [lat, lon, alt] = [toNumber(form.lat), toNumber(form.lon), toNumber(form.alt)];
  const placed = lat !== undefined || lon !== undefined || alt !== undefined;
  return {
    id: form.id,
    name: form.name || nothing,
    description: form.description || nothing,
    tags: [...form.tags],
    properties: Object.fromEntries(form.properties.map(({ name, value }) => [name, value])),
    group: { id: form.groupId },
    staticLocation: placed ? { lat, lon, ...(alt === undefined ? {} : { alt }) } : nothing,
  };
}

/** The place that the form names; undefined as long as there is none on the globe. */
export function placeOf({ lat, lon }: DeviceForm): { lat: number; lon: number } | undefined {
  const checked = staticLocation.safeParse({ lat: toNumber(lat), lon: toNumber(lon) });
  return checked.success ? { lat: checked.data.lat, lon: checked.data.lon } : undefined;
}

export type DeviceChange = Readonly<Record<string, unknown>>;

/** The fields of a device that the form has made different. */
export function changeOf(device: DeviceJson, form: DeviceForm): DeviceChange {
  const before = toBody(toDeviceForm(device), null) as DeviceChange;
  const after = toBody(form, null) as DeviceChange;
  const differs = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(before[name]);
  return Object.fromEntries(Object.entries(after).filter(differs));
}

interface Words {
  readonly needed: string;
  readonly twice: string;
}

/** What keeps the form from being sent. @param device the one that is changed; none: a new one */
export function deviceProblems(device: DeviceJson | undefined, form: DeviceForm, words: Words): Problems {
  const problems = device
    ? problemsOf(updateDeviceRequest, changeOf(device, form), words.needed)
    : problemsOf(createDeviceRequest, toNewDevice(form), words.needed);
  const names = form.properties.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) problems.set(`properties.${name}`, words.twice);
  }
  return problems;
}

export const toNewDevice = (form: DeviceForm): CreateDeviceRequest =>
  JSON.parse(JSON.stringify(toBody(form, undefined))) as CreateDeviceRequest;
