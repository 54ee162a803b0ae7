/** Stands where a key belongs, in lines that have none. */
export const keyPlaceholder = 'YOUR_API_KEY';

/** A call that sends a file, which has to be in the folder of the terminal. */
export function curlFile(url: string, file: string, key = keyPlaceholder): string {
  return [`curl -T '${shellText(file)}' '${shellText(url)}'`, `  -H 'X-API-Key: ${key}'`].join(' \\\n');
}

/** A call that sends a file as the field of a form. */
export function curlForm(url: string, field: string, file: string, key = keyPlaceholder): string {
  return [`curl -F '${field}=@${shellText(file)}' '${shellText(url)}'`, `  -H 'X-API-Key: ${key}'`].join(
    ' \\\n',
  );
}

/** A call of the API to paste into a terminal, with a place for one's own key. */
export function curl(method: string, url: string, body?: unknown, key = keyPlaceholder): string {
  const lines = [`curl -X ${method} '${url}'`, `  -H 'X-API-Key: ${key}'`];
  if (body !== undefined) {
    lines.push("  -H 'Content-Type: application/json'", `  -d '${shellText(JSON.stringify(body))}'`);
  }
  return lines.join(' \\\n');
}

/** Inside single quotes only the single quote itself needs care. */
export const shellText = (text: string): string => text.replaceAll("'", `'\\''`);
