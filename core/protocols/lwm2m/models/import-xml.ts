import { type DataType, dataTypes } from '../value.ts';
import type { ObjectModel, ResourceModel, ResourceOperation } from './object-model.ts';
import { operationLetters } from './object-model.ts';
import { parseObjectUrn } from './object-urn.ts';
import { XmlElement } from './xml-element.ts';

export interface ObjectXmlLimits {
  /** Most bytes of a file. */
  readonly maxBytes: number;
  /** Most resources of an object. */
  readonly maxResources: number;
}

export const defaultObjectXmlLimits: ObjectXmlLimits = { maxBytes: 1_048_576, maxResources: 1000 };

/** A file that is no definition of an object. The message tells the line, the element and the reason. */
export class ObjectXmlError extends Error {
  override readonly name = 'ObjectXmlError';
  /** From 1; undefined when the file as a whole is refused. */
  readonly line: number | undefined;

  constructor(reason: string, line?: number, where?: string) {
    const place = [line !== undefined && `line ${line}`, where].filter(Boolean).join(', ');
    super(place === '' ? reason : `${place}: ${reason}`);
    this.line = line;
  }
}

/** Types as the schema of OMA writes them. */
const typeNames: Readonly<Record<string, DataType>> = {
  ...Object.fromEntries(
    dataTypes.filter((type) => type !== 'NONE').map((type) => [type.toLowerCase(), type]),
  ),
  'unsigned integer': 'UNSIGNED_INTEGER',
};
const typeList = 'String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk, Corelnk';
const mostIds = 65_535;

/**
 * Reads the definition of one object in the XML of OMA (schema LWM2M, versions 1.0 to 1.2). Document types are refused,
 * so that no entity can be declared, and only those of XML itself and numbers of characters are replaced.
 * @throws ObjectXmlError
 */
export async function parseObjectXml(
  file: Uint8Array,
  limits = defaultObjectXmlLimits,
): Promise<ObjectModel> {
  if (file.length > limits.maxBytes)
    throw new ObjectXmlError(`the file has ${file.length} bytes; at most ${limits.maxBytes} are allowed`);
  const document = await readDocument(textOf(file));
  const root = document.only('LWM2M');
  return objectOf(root.only('Object'), limits);
}

function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw new ObjectXmlError('the file is not in UTF-8');
  }
}

/** Most programs import no model, so the parser is loaded by the first that does. */
async function readDocument(text: string): Promise<XmlElement> {
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const doctype = text.search(/<!DOCTYPE/i);
  if (doctype >= 0) throw new ObjectXmlError('a document type is not allowed', lineAt(doctype));
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  const checked = XMLValidator.validate(text);
  if (checked !== true) throw new ObjectXmlError(checked.err.msg, checked.err.line);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    cdataPropName: XmlElement.cdata,
    captureMetaData: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const fail = (reason: string, index: number | undefined, where: string): never => {
    throw new ObjectXmlError(reason, index === undefined ? undefined : lineAt(index), where);
  };
  try {
    return XmlElement.document(parser.parse(text), XMLParser.getMetaDataSymbol() as symbol, fail);
  } catch (error) {
    if (error instanceof ObjectXmlError) throw error;
    throw new ObjectXmlError(error instanceof Error ? error.message : String(error));
  }
}

function objectOf(object: XmlElement, limits: ObjectXmlLimits): ObjectModel {
  const type = object.attribute('ObjectType');
  if (type !== undefined && type !== 'MODefinition') object.refuse(`ObjectType is MODefinition, not ${type}`);
  const id = wholeOf(object.only('ObjectID'), 'the id of an object');
  const version = versionOf(object, 'ObjectVersion');
  const urn = urnOf(object, id, version);
  const resources = resourcesOf(object.only('Resources'), limits);
  return {
    id,
    version,
    lwm2mVersion: versionOf(object, 'LWM2MVersion'),
    name: nameOf(object),
    multiple: choiceOf(object, 'MultipleInstances', 'Multiple', 'Single'),
    mandatory: choiceOf(object, 'Mandatory', 'Mandatory', 'Optional'),
    description: object.text('Description1'),
    resources,
    ...(urn !== undefined && { urn }),
  };
}

function nameOf(parent: XmlElement): string {
  const element = parent.only('Name');
  const name = element.content.trim().replace(/\s+/g, ' ');
  if (name === '' || name.length > 255) element.refuse('a name has 1 to 255 characters');
  return name;
}

function wholeOf(element: XmlElement, what: string, text = element.content.trim()): number {
  const id = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(id <= mostIds))
    element.refuse(`${what} is a whole number from 0 to ${mostIds}, not ${JSON.stringify(text)}`);
  return id;
}

function versionOf(object: XmlElement, name: string): string {
  const element = object.optional(name);
  const text = element?.content.trim() ?? '';
  if (text === '') return '1.0';
  return /^\d{1,5}\.\d{1,5}$/.test(text)
    ? text
    : (element ?? object).refuse(`a version is two numbers with a dot between, not ${JSON.stringify(text)}`);
}

/** The URN, which has to name the same object and version; it may leave out version 1.0. */
function urnOf(object: XmlElement, id: number, version: string): string | undefined {
  const element = object.optional('ObjectURN');
  const text = element?.content.trim() ?? '';
  if (!element || text === '') return undefined;
  const named =
    parseObjectUrn(text) ?? element.refuse(`${JSON.stringify(text)} is no URN of an LwM2M object`);
  if (named.objectId !== id) element.refuse(`it names object ${named.objectId}, and ObjectID is ${id}`);
  if ((named.version ?? '1.0') !== version)
    element.refuse(`it names version ${named.version ?? '1.0'}, and ObjectVersion is ${version}`);
  return text;
}

function choiceOf(parent: XmlElement, name: string, yes: string, no: string): boolean {
  const element = parent.only(name);
  const text = element.content.trim().toLowerCase();
  if (text !== yes.toLowerCase() && text !== no.toLowerCase()) element.refuse(`it is ${yes} or ${no}`);
  return text === yes.toLowerCase();
}

function resourcesOf(parent: XmlElement, limits: ObjectXmlLimits): ResourceModel[] {
  const items = parent.all('Item');
  if (items.length > limits.maxResources)
    parent.refuse(`it has ${items.length} resources; at most ${limits.maxResources} are allowed`);
  const seen = new Set<number>();
  const resources = items.map((item) => {
    const text = item.attribute('ID') ?? item.refuse('it has no attribute ID');
    const id = wholeOf(item, 'the ID of a resource', text);
    if (seen.has(id)) item.refuse(`there is another resource ${id}`);
    seen.add(id);
    return resourceOf(id, item);
  });
  return resources.sort((one, other) => one.id - other.id);
}

function resourceOf(id: number, item: XmlElement): ResourceModel {
  const operations = operationsOf(item);
  const range = item.text('RangeEnumeration');
  const units = item.text('Units');
  return {
    id,
    name: nameOf(item),
    type: typeOf(item, operations),
    multiple: choiceOf(item, 'MultipleInstances', 'Multiple', 'Single'),
    mandatory: choiceOf(item, 'Mandatory', 'Mandatory', 'Optional'),
    operations,
    ...(range !== '' && { range }),
    ...(units !== '' && { units }),
    description: item.text('Description'),
  };
}

function operationsOf(item: XmlElement): ResourceOperation[] {
  const element = item.optional('Operations');
  const letters = [...(element?.content.trim() ?? '')];
  if (new Set(letters).size !== letters.length) (element ?? item).refuse('an operation is there twice');
  return letters.map(
    (letter) =>
      operationLetters[letter] ?? (element ?? item).refuse(`operations are R, W and E, not ${letter}`),
  );
}

function typeOf(item: XmlElement, operations: readonly ResourceOperation[]): DataType {
  if (operations.length > 0 && operations.every((operation) => operation === 'EXECUTE')) return 'NONE';
  const element = item.only('Type');
  const text = element.content.trim();
  return (
    typeNames[text.toLowerCase()] ??
    element.refuse(
      text === ''
        ? `a resource with a value has a type: ${typeList}`
        : `${JSON.stringify(text)} is none of ${typeList}`,
    )
  );
}
