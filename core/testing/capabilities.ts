/** A feature that an interface does not offer now. */
const no = { available: false };
/** One that it offers. */
export const offered = { version: 1, available: true };

/** The capabilities of an interface that offers nothing now (manual 5.3.3.2). */
export const idle = { command: no, configuration: no, resource: no, twin: no };
