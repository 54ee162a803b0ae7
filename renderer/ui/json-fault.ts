/** Why a text is not JSON; undefined when it is. */
export function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** On one line where it is JSON, for a terminal. */
export function compactJson(text: string): string {
  return jsonFault(text) === undefined ? JSON.stringify(JSON.parse(text)) : text;
}
