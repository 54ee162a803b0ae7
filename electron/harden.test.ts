import { EventEmitter } from 'node:events';
import type { App, Session } from 'electron';
import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ shell: {} }));

const { hardenPages, hardenSession } = await import('./harden.ts');

// No machine of the tests has such a device, so only the answer itself can be looked at.
it('gives no page a device of USB, HID or a serial port', () => {
  let answer: ((details: unknown) => boolean) | undefined;
  const session = {
    setPermissionRequestHandler: () => {},
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: (handler: typeof answer) => {
      answer = handler;
    },
    webRequest: { onBeforeRequest: () => {} },
  } as unknown as Session;
  const portal = 'http://127.0.0.1:8080';
  hardenSession(session, () => portal, false);
  for (const deviceType of ['hid', 'serial', 'usb']) {
    expect(answer?.({ deviceType, origin: portal, device: {} })).toBe(false);
  }
});

// The window has no web views at all, and no page here makes one attach: this is the wall behind that.
it('attaches no web view to any page', () => {
  const app = new EventEmitter();
  hardenPages(
    app as unknown as App,
    () => 'http://127.0.0.1:8080',
    () => {},
  );
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: () => {} });
  app.emit('web-contents-created', {}, contents);
  const preventDefault = vi.fn();
  contents.emit('will-attach-webview', { preventDefault });
  expect(preventDefault).toHaveBeenCalledOnce();
});
