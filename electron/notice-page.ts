const policy = "default-src 'none'; style-src 'unsafe-inline'";

const style = `
:root { color-scheme: light dark; }
body { margin: 0; height: 100vh; display: grid; place-content: center; gap: 8px; text-align: center;
  font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16191d); color: light-dark(#1d2126, #d5d9de); }
p { margin: 0; max-width: 34em; }
p + p { color: light-dark(#5b636d, #8b949e); font-size: 13px; }`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asText = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? '');

/** Address of a page of our own with a line and a smaller one, for the time in which there is no portal. */
export function noticePage(line: string, smaller = ''): string {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Fleetbench</title>
<meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style>
<body><main role="status"><p>${asText(line)}</p><p>${asText(smaller)}</p></main></body></html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}
