const lowerFirst = (word: string): string =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);

/**
 * The name of an object or resource as messages of the twin write it (manual 7.8.11.2): "UTC Offset" is `utcOffset`,
 * "PkgName" is `pkgName`, "On/Off" is `onOff`.
 */
export function camelCaseName(name: string): string {
  const [first = '', ...others] = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return lowerFirst(first) + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
