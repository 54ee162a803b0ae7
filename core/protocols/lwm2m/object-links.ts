import { isNotificationAttribute, type NotificationAttributes, parseAttributeValue } from './attributes.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import { attributeOf, formatLinks, type Link, type LinkAttribute, parseLinks, wordsOf } from './links.ts';
import { Lwm2mPath } from './path.ts';

const format = 'link format';
/** The resource type of the link that says where objects begin (LwM2M Core 1.1.1, 6.2.1). */
const rootType = 'oma.lwm2m';

/** An object that a client has, with its instances. */
export interface RegisteredObject {
  readonly objectId: number;
  /** Its version, as in "1.1"; absent when the client says none, which is 1.0 for most objects. */
  readonly version?: string;
  readonly instanceIds: readonly number[];
}

/** What a client says of itself in Register and Update. */
export interface ObjectLinks {
  /** Where its objects begin: `/`, or a path such as `/lwm2m`. */
  readonly rootPath: string;
  /** Numbers of the content formats that it says it speaks. */
  readonly contentFormats: readonly number[];
  /** By object id. */
  readonly objects: readonly RegisteredObject[];
  /** Links to what is not of LwM2M. */
  readonly others: readonly Link[];
}

function refuse(reason: string, link: Link): never {
  throw new Lwm2mCodecError('malformed', reason, { format, where: `<${link.target}>` });
}

/** A target without the root before it; undefined for one outside. */
function pathBelow(root: string, target: string): Lwm2mPath | undefined {
  if (root === '/') return Lwm2mPath.tryParse(target);
  if (target === root || target === `${root}/`) return Lwm2mPath.root;
  return target.startsWith(`${root}/`) ? Lwm2mPath.tryParse(target.slice(root.length)) : undefined;
}

/** The root without a slash at its end. */
function rootOf(links: readonly Link[]): { link?: Link; path: string } {
  const link = links.find((candidate) => wordsOf(candidate, 'rt').includes(rootType));
  if (!link) {
    const plain = links.find((candidate) => candidate.target === '/');
    return plain ? { link: plain, path: '/' } : { path: '/' };
  }
  const path = link.target.replace(/\/$/, '');
  if (path !== '' && !path.startsWith('/')) refuse('the root is no path', link);
  return { link, path: path === '' ? '/' : path };
}

function versionOf(link: Link): string | undefined {
  const version = attributeOf(link, 'ver')?.value;
  if (version !== undefined && !/^\d{1,5}\.\d{1,5}$/.test(version))
    refuse(`ver is two numbers with a dot between, not ${JSON.stringify(version)}`, link);
  return version;
}

function contentFormatsOf(link: Link): number[] {
  return wordsOf(link, 'ct').map((word) =>
    /^\d{1,5}$/.test(word) ? Number(word) : refuse(`ct lists numbers, not ${JSON.stringify(word)}`, link),
  );
}

/**
 * Reads the payload of Register and Update (LwM2M Core 1.1.1, 6.2.1).
 * @throws Lwm2mCodecError for broken link format, and for `ver` and `ct` that are none.
 */
export function parseObjectLinks(document: string | Uint8Array): ObjectLinks {
  const links = parseLinks(document);
  const root = rootOf(links);
  const found = new Map<number, { version?: string; instanceIds: Set<number> }>();
  const others: Link[] = [];
  for (const link of links) {
    if (link === root.link) continue;
    const path = pathBelow(root.path, link.target);
    if (path?.objectId === undefined || path.resourceId !== undefined) {
      others.push(link);
      continue;
    }
    const object = found.get(path.objectId) ?? { instanceIds: new Set<number>() };
    found.set(path.objectId, object);
    const version = path.kind === 'object' ? versionOf(link) : undefined;
    if (version !== undefined) object.version = version;
    if (path.instanceId !== undefined) object.instanceIds.add(path.instanceId);
  }
  const objects = [...found]
    .sort(([one], [other]) => one - other)
    .map(([objectId, { version, instanceIds }]) => ({
      objectId,
      ...(version !== undefined && { version }),
      instanceIds: [...instanceIds].sort((one, other) => one - other),
    }));
  return {
    rootPath: root.path,
    contentFormats: root.link ? contentFormatsOf(root.link) : [],
    objects,
    others,
  };
}

/**
 * Writes the payload of Register and Update.
 * @param lwm2mVersion 1.0 has versions of objects in quotation marks, 1.1 has none.
 */
export function formatObjectLinks(links: Omit<ObjectLinks, 'others'>, lwm2mVersion: '1.0' | '1.1'): string {
  const prefix = links.rootPath === '/' ? '' : links.rootPath;
  const formats = links.contentFormats.join(' ');
  const root: Link = {
    target: links.rootPath,
    attributes: [
      { name: 'rt', value: rootType, quoted: true },
      ...(formats === '' ? [] : [attribute('ct', formats, links.contentFormats.length > 1)]),
    ],
  };
  const objects = links.objects.flatMap(({ objectId, version, instanceIds }): Link[] => {
    const object = version === undefined ? [] : [attribute('ver', version, lwm2mVersion === '1.0')];
    const instances = instanceIds.map((id) => ({ target: `${prefix}/${objectId}/${id}`, attributes: [] }));
    return version === undefined && instances.length > 0
      ? instances
      : [{ target: `${prefix}/${objectId}`, attributes: object }, ...instances];
  });
  return formatLinks([root, ...objects]);
}

const attribute = (name: string, value: string, quoted: boolean): LinkAttribute => ({
  name,
  value,
  ...(quoted && { quoted: true as const }),
});

/** A line of an answer to Discover or Bootstrap-Discover. */
export interface DiscoveredPath {
  readonly path: Lwm2mPath;
  readonly attributes: NotificationAttributes;
  /** How many instances a resource has. */
  readonly dimension?: number;
  /** The version of an object. */
  readonly version?: string;
  /** The short id of the server that an instance of Security, Server or OSCORE is for. */
  readonly shortServerId?: number;
  /** The address that an instance of Security is for (Bootstrap-Discover). */
  readonly serverUri?: string;
  /** The version of LwM2M that the client speaks (Bootstrap-Discover, on the root). */
  readonly enablerVersion?: string;
}

/**
 * Reads an answer to Discover (LwM2M Core 1.1.1, 6.3.2) or Bootstrap-Discover (6.1.7.3). Links outside of the root are
 * left out, and so are attributes of other kinds.
 * @param rootPath as the client registered it.
 * @throws Lwm2mCodecError for broken link format, and for attributes whose values are none.
 */
export function parseDiscoverLinks(document: string | Uint8Array, rootPath = '/'): DiscoveredPath[] {
  const found: DiscoveredPath[] = [];
  for (const link of parseLinks(document)) {
    const path = pathBelow(rootPath, link.target);
    if (path !== undefined) found.push(discovered(path, link));
  }
  return found;
}

function discovered(path: Lwm2mPath, link: Link): DiscoveredPath {
  const attributes: Record<string, number> = {};
  for (const { name, value } of link.attributes)
    if (isNotificationAttribute(name) && value !== undefined)
      attributes[name] ??= parseAttributeValue(name, value);
  const dimension = countOf(link, 'dim', 65_535);
  const shortServerId = countOf(link, 'ssid', 65_535);
  const version = versionOf(link);
  const serverUri = attributeOf(link, 'uri')?.value;
  const enablerVersion = (attributeOf(link, 'lwm2m') ?? attributeOf(link, 'lbwm2m'))?.value;
  return {
    path,
    attributes,
    ...(dimension !== undefined && { dimension }),
    ...(version !== undefined && { version }),
    ...(shortServerId !== undefined && { shortServerId }),
    ...(serverUri !== undefined && { serverUri }),
    ...(enablerVersion !== undefined && { enablerVersion }),
  };
}

function countOf(link: Link, name: string, most: number): number | undefined {
  const text = attributeOf(link, name)?.value;
  if (text === undefined) return undefined;
  const count = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return count <= most ? count : refuse(`${name} is a whole number from 0 to ${most}`, link);
}

/** Writes an answer to Discover. */
export function formatDiscoverLinks(paths: readonly DiscoveredPath[], rootPath = '/'): string {
  const prefix = rootPath === '/' ? '' : rootPath;
  return formatLinks(
    paths.map((line) => ({
      target: line.path.kind === 'root' ? rootPath : `${prefix}${line.path}`,
      attributes: attributesOf(line),
    })),
  );
}

function attributesOf(line: DiscoveredPath): LinkAttribute[] {
  const { dimension, version, shortServerId, serverUri, enablerVersion, attributes } = line;
  return [
    ...(enablerVersion === undefined ? [] : [attribute('lwm2m', enablerVersion, false)]),
    ...(version === undefined ? [] : [attribute('ver', version, false)]),
    ...(shortServerId === undefined ? [] : [attribute('ssid', String(shortServerId), false)]),
    ...(serverUri === undefined ? [] : [attribute('uri', serverUri, true)]),
    ...(dimension === undefined ? [] : [attribute('dim', String(dimension), false)]),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, String(value), false)),
  ];
}
